package io.tcplab.kernel.sockdiag;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Which sockets to list: all, or those with a port on one end or on either. The kernel itself applies it, by a small
 * program that goes with the request (INET_DIAG_REQ_BYTECODE, {@code inet_diag_bc_run} in {@code net/ipv4/inet_diag.c}).
 *
 * @param end which end has the port
 * @param port the port, 0 for ALL
 */
public record SocketFilter(End end, int port) {
    /** The end of a connection that has the port. */
    public enum End {
        /** No condition. */
        ALL,
        LOCAL,
        REMOTE,
        EITHER
    }

    // linux/inet_diag.h. The comparisons "at least" and "at most" are as old as the interface, "equal" is not.
    private static final int JUMP = 1;
    private static final int LOCAL_AT_LEAST = 2;
    private static final int LOCAL_AT_MOST = 3;
    private static final int REMOTE_AT_LEAST = 4;
    private static final int REMOTE_AT_MOST = 5;
    private static final int STEP = 4;

    /** Throws IllegalArgumentException for a port out of range. */
    public SocketFilter {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    /** Every socket. */
    public static SocketFilter all() {
        return new SocketFilter(End.ALL, 0);
    }

    /** Sockets of the server side of a port: its listener and what it accepted. */
    public static SocketFilter localPort(int port) {
        return new SocketFilter(End.LOCAL, port);
    }

    /** Sockets of the client side of a port. */
    public static SocketFilter remotePort(int port) {
        return new SocketFilter(End.REMOTE, port);
    }

    /** Sockets of either side of a port. */
    public static SocketFilter eitherPort(int port) {
        return new SocketFilter(End.EITHER, port);
    }

    /** Whether a socket with these ports is one of them. */
    boolean matches(int localPort, int remotePort) {
        return switch (end) {
            case ALL -> true;
            case LOCAL -> localPort == port;
            case REMOTE -> remotePort == port;
            case EITHER -> localPort == port || remotePort == port;
        };
    }

    /**
     * The program: a step is {code, offset when true, offset when false}; reaching the end exactly accepts, jumping four
     * bytes beyond it rejects. A comparison is two steps long, the second one holds the port.
     */
    byte[] program() {
        return switch (end) {
            case ALL -> new byte[0];
            case LOCAL -> test(LOCAL_AT_LEAST, LOCAL_AT_MOST).array();
            case REMOTE -> test(REMOTE_AT_LEAST, REMOTE_AT_MOST).array();
            case EITHER -> either();
        };
    }

    private byte[] either() {
        byte[] remote = test(REMOTE_AT_LEAST, REMOTE_AT_MOST).array();
        ByteBuffer program = ByteBuffer.allocate(2 * remote.length + STEP).order(ByteOrder.nativeOrder());
        program.put(test(LOCAL_AT_LEAST, LOCAL_AT_MOST).array());
        // A jump is never true: it always takes its second offset, here over the other test to the end.
        step(program, JUMP, STEP, STEP + remote.length);
        return program.put(remote).array();
    }

    /** Both comparisons; a failed one goes one step past the end of the test. */
    private ByteBuffer test(int atLeast, int atMost) {
        ByteBuffer program = ByteBuffer.allocate(4 * STEP).order(ByteOrder.nativeOrder());
        step(program, atLeast, 2 * STEP, 5 * STEP);
        step(program, 0, 0, port);
        step(program, atMost, 2 * STEP, 3 * STEP);
        step(program, 0, 0, port);
        return program;
    }

    private static void step(ByteBuffer program, int code, int whenTrue, int whenFalse) {
        program.put((byte) code).put((byte) whenTrue).putShort((short) whenFalse);
    }
}
