package io.tcplab.companion.misbehave;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An accepted connection, plain or by TLS: reads into a buffer, with deadlines by System.nanoTime. One thread uses it. */
final class Incoming {

    private static final int CHUNK = 64 * 1024;

    /** What a read came to. */
    enum Read {
        DATA,
        END,
        RESET,
        TIMED_OUT
    }

    private static final long TLS_SENDS_NANOS = 2_000_000_000L;

    private final NativeSocket socket;
    private final @Nullable Records tls;
    private final boolean notifies;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] held = new byte[0];
    private boolean notified;
    private boolean released;
    private boolean broken;

    /** {@code tls} is absent where the connection is plain; {@code notifies} is whether close_notify goes before a FIN. */
    Incoming(NativeSocket socket, @Nullable Records tls, boolean notifies) {
        this.socket = socket;
        this.tls = tls;
        this.notifies = notifies;
    }

    /** Whether data can be exchanged: by TLS, whether the handshake is complete. */
    boolean ready() {
        return tls == null || tls.secured();
    }

    /** Appends what comes to the buffer. */
    Read read(long deadlineNanos) {
        while (true) {
            if (tls != null && tls.ended()) {
                return Read.END;
            }
            Result result = socket.recv(chunk, 0);
            if (result.ok()) {
                if (result.value() == 0) {
                    return broken ? Read.RESET : Read.END;
                }
                Read read = took((int) result.value());
                if (read != null) {
                    return read;
                }
                continue;
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

    /** What the chunk's first bytes are; absent where records have come that carry nothing. */
    private @Nullable Read took(int length) {
        Records records = tls;
        byte[] plain = records == null ? Arrays.copyOf(chunk, length) : records.taken(chunk, length);
        if (records != null) {
            boolean _ = sendRaw(records.toSend(), System.nanoTime() + TLS_SENDS_NANOS, () -> {});
            if (records.failed()) {
                return Read.RESET;
            }
        }
        int before = held.length;
        held = Arrays.copyOf(held, before + plain.length);
        System.arraycopy(plain, 0, held, before, plain.length);
        return plain.length > 0 ? Read.DATA : null;
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
        return sendRaw(tls == null ? bytes : tls.wrapped(bytes), deadline, blocked);
    }

    private boolean sendRaw(byte[] bytes, long deadline, Runnable blocked) {
        int sent = 0;
        boolean waited = false;
        while (sent < bytes.length) {
            Result result = socket.send(Arrays.copyOfRange(bytes, sent, Math.min(bytes.length, sent + CHUNK)), 0);
            if (result.ok()) {
                sent += (int) result.value();
            } else if (result.errno() != Errno.EAGAIN || System.nanoTime() > deadline) {
                // The pending error is taken off the socket by this: a later recv would answer 0, which is no FIN.
                broken |= result.errno() != Errno.EAGAIN;
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
        closeNotify();
        Errno _ = socket.shutdown(Half.WRITE);
    }

    /** close(2): a FIN, or an RST where something is unread. */
    void close() {
        closeNotify();
        end();
    }

    private void closeNotify() {
        Records records = tls;
        if (records != null && notifies && !notified) {
            notified = true;
            boolean _ = sendRaw(records.closeNotify(), System.nanoTime(), () -> {});
        }
    }

    private void end() {
        socket.close();
        if (tls != null && !released) {
            released = true;
            tls.close();
        }
    }

    /** Closes by RST. */
    void reset() {
        Errno _ = socket.linger(true, 0);
        notified = true;
        end();
    }

    /** Lets the process's end be an RST; any thread may call. */
    void resetAtTheEnd() {
        Errno _ = socket.linger(true, 0);
    }
}
