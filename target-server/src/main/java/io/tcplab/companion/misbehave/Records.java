package io.tcplab.companion.misbehave;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsEngine;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The server's side of TLS on one connection, without its socket: what comes off the wire becomes plain bytes, and plain bytes become what
 * goes on it. The thread that makes it uses and closes it.
 */
final class Records implements AutoCloseable {

    private static final int INPUT_BYTES = 1 << 16;
    private static final int OUTPUT_BYTES = 1 << 16;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment input = arena.allocate(INPUT_BYTES);
    private final MemorySegment output = arena.allocate(OUTPUT_BYTES);
    private final TlsEngine engine;
    private final ByteArrayOutputStream toSend = new ByteArrayOutputStream();
    private boolean secured;
    private boolean ended;
    private boolean failed;

    Records(TlsContext context) {
        engine = context.open(false);
    }

    /** Whether the handshake is complete. */
    boolean secured() {
        return secured;
    }

    /** Whether the peer's close_notify has come: what comes after it counts for nothing. */
    boolean ended() {
        return ended;
    }

    /** Whether what came was no TLS: an alert may be left to be sent. */
    boolean failed() {
        return failed;
    }

    /** Takes in the first bytes of {@code wire}, and returns the plain bytes that they complete; {@link #toSend} has to be asked then. */
    byte[] taken(byte[] wire, int length) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int from = 0; from < length && !failed && !ended; from += INPUT_BYTES) {
            int part = Math.min(INPUT_BYTES, length - from);
            MemorySegment.copy(wire, from, input, ValueLayout.JAVA_BYTE, 0, part);
            engine.feed(input.address(), part);
            if (secured || shaken()) {
                decrypt(plain);
            }
        }
        return plain.toByteArray();
    }

    private boolean shaken() {
        int step;
        do {
            step = engine.handshake();
            drain();
        } while (step == TlsEngine.FULL);
        secured = step == TlsEngine.DONE;
        failed = step == TlsEngine.FAILED || step == TlsEngine.ENDED;
        return secured;
    }

    private void decrypt(ByteArrayOutputStream plain) {
        while (true) {
            int length = engine.read(output.address(), OUTPUT_BYTES);
            if (length > 0) {
                plain.writeBytes(bytes(length));
                continue;
            }
            drain();
            ended = length == TlsEngine.ENDED;
            failed = length == TlsEngine.FAILED;
            if (length != TlsEngine.FULL) {
                return;
            }
        }
    }

    private byte[] bytes(int length) {
        return output.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private void drain() {
        int length = engine.drain(output.address(), OUTPUT_BYTES);
        while (length > 0) {
            toSend.writeBytes(bytes(length));
            length = engine.drain(output.address(), OUTPUT_BYTES);
        }
    }

    /** What TLS itself has to say, such as its part of the handshake; empty where it has nothing. */
    byte[] toSend() {
        byte[] bytes = toSend.toByteArray();
        toSend.reset();
        return bytes;
    }

    /** The records that carry these bytes; none before the handshake is complete. */
    byte[] wrapped(byte[] plain) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        int sent = 0;
        while (secured && sent < plain.length) {
            byte[] part = Arrays.copyOfRange(plain, sent, Math.min(plain.length, sent + TlsEngine.RECORD_BYTES));
            MemorySegment.copy(part, 0, input, ValueLayout.JAVA_BYTE, 0, part.length);
            int taken = engine.write(input.address(), part.length, output.address(), OUTPUT_BYTES);
            if (taken <= 0) {
                break;
            }
            records.writeBytes(bytes(engine.written()));
            sent += taken;
        }
        return records.toByteArray();
    }

    /** Our close_notify; empty before the handshake is complete. */
    byte[] closeNotify() {
        if (secured && !failed) {
            engine.closeNotify();
            drain();
        }
        return toSend();
    }

    @Override
    public void close() {
        engine.release();
        arena.close();
    }
}
