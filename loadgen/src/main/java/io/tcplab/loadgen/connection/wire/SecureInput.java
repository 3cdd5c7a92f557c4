package io.tcplab.loadgen.connection.wire;

import io.tcplab.companion.tls.TlsEngine;
import io.tcplab.companion.tls.TlsFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A socket whose bytes come encrypted by TLS, from its handshake on: what is received is fed to the engine. */
abstract class SecureInput extends SecureOutput {

    /** The peer has closed in the handshake. */
    public static final int CLOSED = 1;

    /** The type of a record, its first byte. */
    private static final byte ALERT = 21;

    /** Encrypted bytes that came behind the handshake. */
    private byte @Nullable [] early;

    private long receivedBytes;

    /** How much the last read brought. */
    private int filled;

    /** The peer's FIN has come. */
    boolean finCame;

    /** The socket has told of an error, once: what it says afterwards looks like a FIN. */
    boolean broken;

    SecureInput(Wire socket, TlsEngine engine, SecureBuffers buffers) {
        super(socket, engine, buffers);
    }

    /** Goes on with the handshake. Returns 0 when it is complete, {@link #AGAIN}, {@link #CLOSED}, {@link #FAILED} or an errno. */
    public final int handshake() {
        int flushed = flush();
        while (flushed == 0) {
            int step = engine.handshake();
            flushed = drain();
            if (step == TlsEngine.DONE) {
                keepEarly();
                return 0;
            } else if (step == TlsEngine.ENDED) {
                failure = new TlsFailure(TlsFailure.Kind.ALERT, "close_notify");
                return FAILED;
            } else if (step == TlsEngine.FAILED) {
                return failed();
            } else if (step == TlsEngine.MORE && flushed == 0) {
                int received = fill();
                if (received <= 0) {
                    return received == 0 ? CLOSED : received;
                }
            }
        }
        return flushed;
    }

    /** As {@link #handshake}, where nothing is to be sent before something has come. */
    public final int hear() {
        int received = fill();
        return received > 0 ? handshake() : received == 0 ? CLOSED : received;
    }

    /** Bytes of the peer for the engine: their number, or what the socket returned instead; {@link #FAILED} where they are no TLS. */
    final int fill() {
        int received = socket.receive(buffers.input);
        if (received > 0) {
            if (receivedBytes == 0) {
                // The first bytes alone can be a text; what comes later is the engine's to judge.
                failure = PlainText.in(buffers.input.segment(), received);
                if (failure != null) {
                    return FAILED;
                }
            }
            filled = received;
            receivedBytes += received;
            engine.feed(buffers.input.address(), received);
        }
        finCame |= received == 0;
        broken |= received < 0 && received != AGAIN;
        return received;
    }

    private void keepEarly() {
        int unread = engine.unread();
        if (unread > 0) {
            early = buffers.input.segment().asSlice(filled - unread, unread).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    final boolean feedEarly() {
        byte[] bytes = early;
        if (bytes == null) {
            return false;
        }
        early = null;
        MemorySegment.copy(bytes, 0, buffers.input.segment(), ValueLayout.JAVA_BYTE, 0, bytes.length);
        engine.feed(buffers.input.address(), bytes.length);
        return true;
    }

    /** Whether an alert came right behind the handshake: a close_notify. Up to TLS 1.2 that can be seen (RFC 5246 §6.2.1). */
    public final boolean hasEarlyAlert() {
        byte[] bytes = early;
        return bytes != null && bytes[0] == ALERT;
    }

    /** Counts what is not fed to the engine. */
    final void count(int received) {
        receivedBytes += Math.max(0, received);
    }

    /** Whether something that came behind the handshake is not read yet. */
    final boolean hasEarly() {
        return early != null;
    }

    /** Encrypted bytes that have come. */
    public final long receivedBytes() {
        return receivedBytes;
    }
}
