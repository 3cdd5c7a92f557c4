package io.tcplab.companion.misbehave;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An accepted connection: reads into a buffer, with deadlines by System.nanoTime. One thread uses it. */
final class Incoming {

    private static final int CHUNK = 64 * 1024;

    /** What a read came to. */
    enum Read {
        DATA,
        END,
        RESET,
        TIMED_OUT
    }

    private final NativeSocket socket;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] held = new byte[0];

    Incoming(NativeSocket socket) {
        this.socket = socket;
    }

    /** Appends what comes to the buffer. */
    Read read(long deadlineNanos) {
        while (true) {
            Result result = socket.recv(chunk, 0);
            if (result.ok()) {
                if (result.value() == 0) {
                    return Read.END;
                }
                int before = held.length;
                held = Arrays.copyOf(held, before + (int) result.value());
                System.arraycopy(chunk, 0, held, before, (int) result.value());
                return Read.DATA;
            }
            if (result.errno() != Errno.EAGAIN) {
                return Read.RESET;
            }
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                return Read.TIMED_OUT;
            }
            Result _ = socket.await(NativeSocket.POLLIN, (int) (left / 1_000_000) + 1);
        }
    }

    /** The buffer as text. */
    String text() {
        return new String(held, StandardCharsets.ISO_8859_1);
    }

    int length() {
        return held.length;
    }

    /** Takes bytes off the buffer's beginning. */
    void take(int bytes) {
        held = Arrays.copyOfRange(held, bytes, held.length);
    }

    void takeAll() {
        held = new byte[0];
    }

    /** Sends all, or what the peer takes until the deadline; {@code blocked} runs once when the peer's window is full. */
    boolean send(byte[] bytes, long deadline, Runnable blocked) {
        int sent = 0;
        boolean waited = false;
        while (sent < bytes.length) {
            Result result = socket.send(Arrays.copyOfRange(bytes, sent, Math.min(bytes.length, sent + CHUNK)), 0);
            if (result.ok()) {
                sent += (int) result.value();
            } else if (result.errno() != Errno.EAGAIN || System.nanoTime() > deadline) {
                return false;
            } else {
                if (!waited) {
                    waited = true;
                    blocked.run();
                }
                Result _ = socket.await(NativeSocket.POLLOUT, 100);
            }
        }
        return true;
    }

    /** Our FIN; reading goes on. */
    void finish() {
        Errno _ = socket.shutdown(Half.WRITE);
    }

    /** close(2): a FIN, or an RST where something is unread. */
    void close() {
        socket.close();
    }

    /** Closes by RST. */
    void reset() {
        Errno _ = socket.linger(true, 0);
        socket.close();
    }
}
