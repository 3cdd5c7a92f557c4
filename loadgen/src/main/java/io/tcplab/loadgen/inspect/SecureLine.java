package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.syscall.Errno;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** A connection over TLS: data is what records carry, and a FIN is still TCP's. One thread uses it. */
final class SecureLine {

    private static final int RECORD = 16 * 1024;

    /** A FIN that does not follow a close_notify within this waits for that of the client (RFC 8446 §6.1 allows either). */
    private static final long FIN_FOLLOWS_NANOS = 500_000_000L;

    private final TimedSocket socket;
    private final SecureStream stream;
    private byte[] decrypted = new byte[0];
    private long decryptedNanos;
    private long notifiedNanos;
    private boolean endedWithoutFin;
    private String failure = "";

    private SecureLine(TimedSocket socket, SecureStream stream) {
        this.socket = socket;
        this.stream = stream;
    }

    /** Performs a TLS handshake; throws Unreachable with its reason. */
    static SecureLine over(TimedSocket socket, SSLEngine engine, long deadlineNanos) throws Unreachable {
        SecureStream stream = new SecureStream(engine);
        stream.handshake(new SecureStream.Raw() {
            @Override
            public boolean send(byte[] bytes) {
                return socket.send(bytes, deadlineNanos).ok();
            }

            @Override
            public Heard hear() {
                return socket.hear(deadlineNanos);
            }
        });
        return new SecureLine(socket, stream);
    }

    /** The version that was agreed on, the tickets that have come, and whether the peer's close_notify has. */
    SecureStream stream() {
        return stream;
    }

    /** Whether the peer has said close_notify, and sent no FIN behind it. */
    boolean endedWithoutFin() {
        return endedWithoutFin;
    }

    /** Why what came could not be read, such as the peer's alert; empty where it could. */
    String failure() {
        return failure;
    }

    /** Sends all, waiting for room until the deadline: then the errno is EAGAIN. */
    Contact.Sent send(byte[] bytes, long deadlineNanos) {
        for (int sent = 0; sent < bytes.length; sent += RECORD) {
            int length = Math.min(RECORD, bytes.length - sent);
            try {
                Contact.Sent record =
                        socket.send(stream.wrap(Arrays.copyOfRange(bytes, sent, sent + length)), deadlineNanos);
                if (!record.ok()) {
                    return new Contact.Sent(sent, record.errno());
                }
            } catch (SSLException _) {
                return new Contact.Sent(sent, Errno.EPROTO);
            }
        }
        return new Contact.Sent(bytes.length, Errno.OK);
    }

    /** The next thing that happens, or silence at the deadline. A close_notify is the end also where no FIN follows it. */
    Heard hear(long deadlineNanos) {
        while (decrypted.length == 0) {
            boolean notified = stream.closeNotified();
            long finBy = notifiedNanos + FIN_FOLLOWS_NANOS;
            Heard heard = socket.hear(notified ? Math.min(finBy, deadlineNanos) : deadlineNanos);
            if (notified && heard instanceof Heard.Silence && heard.atNanos() >= finBy) {
                endedWithoutFin = true;
                return new Heard.Fin(notifiedNanos);
            }
            if (!(heard instanceof Heard.Data data)) {
                return heard;
            }
            try {
                decrypted = stream.unwrap(data.bytes());
                decryptedNanos = data.atNanos();
                if (!notified && stream.closeNotified()) {
                    notifiedNanos = data.atNanos();
                }
            } catch (SSLException e) {
                failure = String.valueOf(e.getMessage());
                return new Heard.Reset(Errno.EPROTO, data.atNanos());
            }
        }
        byte[] bytes = decrypted;
        decrypted = new byte[0];
        return new Heard.Data(bytes, decryptedNanos);
    }

    /** Waits until a record's data has arrived; it is the next to be heard. */
    boolean arrived(long withinNanos) {
        if (decrypted.length > 0) {
            return true;
        }
        if (hear(System.nanoTime() + withinNanos) instanceof Heard.Data data) {
            decrypted = data.bytes();
            return true;
        }
        return false;
    }

    /** Sends our close_notify; whether it went. */
    boolean closeNotify(long deadlineNanos) {
        try {
            return socket.send(stream.closeNotify(), deadlineNanos).ok();
        } catch (SSLException _) {
            return false;
        }
    }
}
