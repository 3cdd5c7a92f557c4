package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An io_uring(7) with the operations on sockets that it begins; how they go and come back is {@link RingQueues}' part. */
public final class Ring extends RingQueues {

    /** {@link #flags}: what was received lies in the buffer that {@link #buffer} names. */
    public static final int CQE_BUFFER = 1;

    /** {@link #flags}: more completions of this operation will follow. */
    public static final int CQE_MORE = 1 << 1;

    /** {@link #flags}: the socket had more to read, or its end. */
    public static final int CQE_NOT_EMPTY = 1 << 2;

    private static final int OP_POLL_ADD = 6;
    private static final int OP_ACCEPT = 13;
    private static final int OP_CANCEL = 14;
    private static final int OP_CONNECT = 16;
    private static final int OP_CLOSE = 19;
    private static final int OP_SEND = 26;
    private static final int OP_RECEIVE = 27;
    private static final int OP_SOCKET = 45;
    private static final int OP_COMMAND = 46;
    private static final int OP_BIND = 56;

    private static final int REGISTER_PROBE = 8;
    private static final int COMMAND_SETSOCKOPT = 3;
    private static final int POLL_MULTISHOT = 1;
    private static final short ACCEPT_MULTISHOT = 1;
    private static final int BUFFER_SELECT = 1 << 5;
    private static final short POLL_FIRST = 1;

    /** An operation with it completes in silence, unless it fails. */
    private static final int SILENT = 1 << 6;

    /** MSG_WAITALL: what does not fit at once is sent when there is room, and the operation ends when all is. */
    private static final int MSG_WAITALL_NOSIGNAL = 0x100 | 0x4000;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x80800;
    private static final int BUFFER_SHIFT = 16;

    /**
     * A ring for {@code entries} staged operations and {@code completions} that have not been taken, each a power of two. Throws
     * {@link RingRefused} where the kernel does not give it.
     */
    public Ring(int entries, int completions) throws RingRefused {
        super(entries, completions);
        try {
            requireOperations();
        } catch (RuntimeException | RingRefused e) {
            close();
            throw e;
        }
    }

    /** IORING_OP_BIND is the youngest: what is needed beside it came before. */
    private void requireOperations() throws RingRefused {
        int operations = 64;
        MemorySegment probe = Arena.ofAuto().allocate(16 + operations * 8L, 8);
        long result = register(REGISTER_PROBE, probe.address(), operations);
        if (result < 0) {
            throw new RingRefused("io_uring_register(PROBE): " + Errno.ofResult(result));
        }
        int last = probe.get(JAVA_BYTE, 0) & 0xff;
        if (last < OP_BIND || (probe.get(JAVA_SHORT, 16 + OP_BIND * 8L + 2) & 1) == 0) {
            throw new RingRefused("io_uring has no IORING_OP_BIND on this kernel; Linux 6.11 or later is needed");
        }
    }

    /** The number of the buffer in a completion's flags. */
    public static int buffer(int flags) {
        return flags >>> BUFFER_SHIFT;
    }

    /** A new non-blocking stream socket, which is the result. */
    public void socket(int family, long tag) {
        long at = stage(OP_SOCKET, 0, family, tag);
        sqes.set(JAVA_LONG, at + 8, SOCK_STREAM | SOCK_NONBLOCK_CLOEXEC);
    }

    /** setsockopt(2); completes only if it fails. The value has to stay until then. */
    public void setOption(int fd, int level, int name, MemorySegment value, long tag) {
        long at = stage(OP_COMMAND, SILENT, fd, tag);
        sqes.set(JAVA_INT, at + 8, COMMAND_SETSOCKOPT);
        sqes.set(JAVA_INT, at + 16, level);
        sqes.set(JAVA_INT, at + 20, name);
        sqes.set(JAVA_INT, at + 44, (int) value.byteSize());
        sqes.set(JAVA_LONG, at + 48, value.address());
    }

    /** bind(2); completes only if it fails. */
    public void bind(int fd, MemorySegment address, long tag) {
        long at = stage(OP_BIND, SILENT, fd, tag);
        sqes.set(JAVA_LONG, at + 8, address.byteSize());
        sqes.set(JAVA_LONG, at + 16, address.address());
    }

    /** connect(2); completes when the handshake has ended. */
    public void connect(int fd, MemorySegment address, long tag) {
        long at = stage(OP_CONNECT, 0, fd, tag);
        sqes.set(JAVA_LONG, at + 8, address.byteSize());
        sqes.set(JAVA_LONG, at + 16, address.address());
    }

    /** accept4(2) of each connection that comes to the listening socket; results are non-blocking descriptors. */
    public void acceptAlways(int fd, long tag) {
        long at = stage(OP_ACCEPT, 0, fd, tag);
        sqes.set(JAVA_SHORT, at + 2, ACCEPT_MULTISHOT);
        sqes.set(JAVA_INT, at + 28, SOCK_NONBLOCK_CLOEXEC);
    }

    /** close(2); completes only if it fails. */
    public void close(int fd, long tag) {
        stage(OP_CLOSE, SILENT, fd, tag);
    }

    /** send(2) of all of it; completes also when it succeeds, and the bytes have to stay until then. */
    public void send(int fd, long address, int length, long tag) {
        long at = stage(OP_SEND, 0, fd, tag);
        sqes.set(JAVA_LONG, at + 16, address);
        sqes.set(JAVA_LONG, at + 24, length | (long) MSG_WAITALL_NOSIGNAL << 32);
    }

    /**
     * send(2) of all of it within the next call, without waiting for room; completes only if not all was taken, with how much was or with
     * an errno.
     */
    public void sendAtOnce(int fd, long address, int length, long tag) {
        long at = stage(OP_SEND, SILENT, fd, tag);
        sqes.set(JAVA_LONG, at + 16, address);
        sqes.set(JAVA_LONG, at + 24, length | (long) (MSG_WAITALL_NOSIGNAL | MSG_DONTWAIT) << 32);
    }

    /**
     * recv(2) into one of the registered buffers, when there is something to receive. What is there already has to wait for its turn, too:
     * otherwise it would overtake what other sockets have received before.
     */
    public void receive(int fd, long tag) {
        receiveAtOnce(fd, tag);
        sqes.set(JAVA_SHORT, (long) ((tail - 1) & sqMask) * SQE_BYTES + 2, POLL_FIRST);
    }

    /** As {@link #receive}, and of what is there already within the next call: where others need not come first. */
    public void receiveAtOnce(int fd, long tag) {
        long _ = stage(OP_RECEIVE, BUFFER_SELECT, fd, tag);
    }

    /** recv(2) into one of the registered buffers of what is there within the next call; EAGAIN = nothing. */
    public void receiveIfThere(int fd, long tag) {
        sqes.set(JAVA_INT, stage(OP_RECEIVE, BUFFER_SELECT, fd, tag) + 28, MSG_DONTWAIT);
    }

    /** Tells once that one of {@code events} (poll(2)) has come about, or is so already. */
    public void poll(int fd, int events, long tag) {
        sqes.set(JAVA_INT, stage(OP_POLL_ADD, 0, fd, tag) + 28, events);
    }

    /** As {@link #poll}, and again each time that one comes about. */
    public void pollAlways(int fd, int events, long tag) {
        long at = stage(OP_POLL_ADD, 0, fd, tag);
        sqes.set(JAVA_INT, at + 24, POLL_MULTISHOT);
        sqes.set(JAVA_INT, at + 28, events);
    }

    /** Ends the operation that was staged with {@code ofTag}; completes itself only if there is none. */
    public void cancel(long ofTag, long tag) {
        sqes.set(JAVA_LONG, stage(OP_CANCEL, SILENT, -1, tag) + 16, ofTag);
    }
}
