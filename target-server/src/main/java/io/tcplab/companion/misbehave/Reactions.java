package io.tcplab.companion.misbehave;

import io.tcplab.companion.misbehave.Incoming.Read;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a connection does to its peer: it answers, refuses, holds still, or leaks. */
final class Reactions {

    /** The field of an answer that is the last one. */
    static final String CLOSES = "Connection: close\r\n";

    private static final long MILLI = 1_000_000L;
    private static final long LINGER_NANOS = 2_000 * MILLI;
    private static final long LINGER_AT_MOST_NANOS = 15_000 * MILLI;
    private static final long HOLDS_NANOS = 8_000 * MILLI;
    private static final long SENDS_NANOS = 2_500 * MILLI;
    private static final long BLOCKS_NANOS = 20_000 * MILLI;

    private final MisbehavingServer server;
    private final Incoming peer;

    /** Whether the peer has not taken all of a response. */
    private boolean cutOff;

    Reactions(MisbehavingServer server, Incoming peer) {
        this.server = server;
        this.peer = peer;
    }

    private boolean does(Misbehaviour kind) {
        return server.does(kind);
    }

    boolean cutOff() {
        return cutOff;
    }

    /** Sends a response, whose body is so many letters. */
    void respond(String status, int size, String fields, boolean withBody) {
        byte[] head = ("HTTP/1.1 " + status
                        + "\r\nServer: tcplab-misbehaving\r\nContent-Type: text/plain\r\nContent-Length: " + size
                        + "\r\n" + fields + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + (withBody ? size : 0));
        Arrays.fill(whole, head.length, whole.length, (byte) 'm');
        if (does(Misbehaviour.DELAY_BODY) && whole.length > head.length) {
            send(head);
            send(Arrays.copyOfRange(whole, head.length, whole.length));
        } else {
            send(whole);
        }
    }

    private static void nothing() {}

    void send(byte[] bytes) {
        boolean blocks = does(Misbehaviour.BLOCK_ON_SLOW_READER);
        try {
            cutOff |= !peer.send(
                    bytes,
                    System.nanoTime() + (blocks ? BLOCKS_NANOS : SENDS_NANOS),
                    blocks ? server.alone()::lock : Reactions::nothing);
        } finally {
            if (blocks && server.alone().isHeldByCurrentThread()) {
                server.alone().unlock();
            }
        }
    }

    /**
     * Answers and closes so that the answer arrives: the FIN goes first, and what the client still sends is read and thrown away
     * for a while (RFC 9112 §9.6). Always false: the connection is over.
     */
    boolean refuse(String status) {
        respond(status, 0, CLOSES, true);
        peer.finish();
        long deadline = System.nanoTime() + LINGER_AT_MOST_NANOS;
        // A client that still sends is heard on: only one that pauses for long, or never ends, meets an RST.
        while (peer.read(System.nanoTime() + LINGER_NANOS) == Read.DATA && System.nanoTime() < deadline) {
            peer.takeAll();
        }
        return false;
    }

    /** Keeps the connection as it is until the peer resets it, or for eight seconds. */
    void hold() {
        long deadline = System.nanoTime() + HOLDS_NANOS;
        while (System.nanoTime() < deadline && !server.closed()) {
            Read read = peer.read(System.nanoTime() + 50 * MILLI);
            peer.takeAll();
            if (read == Read.RESET) {
                return;
            }
            if (read == Read.END) {
                pause(50);
            }
        }
    }

    /** Never closes it, as a program does that forgets a descriptor; the process's end frees it. */
    void leak() {
        while (!server.closed()) {
            pause(100);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
