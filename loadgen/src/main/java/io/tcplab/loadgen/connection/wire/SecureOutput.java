package io.tcplab.loadgen.connection.wire;

import io.tcplab.companion.tls.TlsEngine;
import io.tcplab.companion.tls.TlsFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The half of a secured socket that sends: encrypts, and keeps what the socket does not take. A class of its own and not an object of
 * its own, so that a connection makes no more of them.
 */
abstract class SecureOutput extends WrappedWire {

    /** TLS has failed: {@link #failure} tells how. No errno is as small. */
    public static final int FAILED = -(1 << 20);

    final TlsEngine engine;
    final SecureBuffers buffers;

    @Nullable
    TlsFailure failure;

    /** Encrypted bytes that the socket has not taken. */
    private byte @Nullable [] unsent;

    /** Plain bytes that are encrypted in {@link #unsent}: told as sent when that is. */
    private int held;

    private long sentBytes;

    SecureOutput(Wire socket, TlsEngine engine, SecureBuffers buffers) {
        super(socket);
        this.engine = engine;
        this.buffers = buffers;
    }

    @Override
    public final int send(Buffer buffer, int length) {
        int flushed = flush();
        if (flushed < 0) {
            return flushed;
        } else if (held > 0) {
            int sent = held;
            held = 0;
            return sent;
        }
        Buffer output = buffers.output;
        int made = 0;
        int taken = 0;
        for (int record = 0; record < SecureBuffers.RECORDS && taken < length; record++) {
            int each = engine.write(
                    buffer.address() + taken,
                    Math.min(length - taken, TlsEngine.RECORD_BYTES),
                    output.address() + made,
                    output.size() - made);
            if (each == TlsEngine.FAILED) {
                return failed();
            }
            made += engine.written();
            taken += each;
        }
        int result = hand(made);
        if (result == AGAIN) {
            held = taken;
        }
        return result < 0 ? result : taken;
    }

    /** Gives the socket what lies in the output buffer; 0, {@link #AGAIN} where a part is kept for later, or an errno. */
    private int hand(int length) {
        int sent = length == 0 ? 0 : socket.send(buffers.output, length);
        if (sent < 0 && sent != AGAIN && sent != IN_PROGRESS) {
            return sent;
        }
        int done = Math.max(0, sent);
        sentBytes += done;
        if (done == length) {
            return 0;
        }
        unsent = buffers.output.segment().asSlice(done, length - done).toArray(ValueLayout.JAVA_BYTE);
        return AGAIN;
    }

    /** Hands over what was left; as {@link #hand}. */
    final int flush() {
        byte[] rest = unsent;
        if (rest == null) {
            return 0;
        }
        unsent = null;
        MemorySegment.copy(rest, 0, buffers.output.segment(), ValueLayout.JAVA_BYTE, 0, rest.length);
        return hand(rest.length);
    }

    /** Hands over what the engine has to say; as {@link #hand}. */
    final int drain() {
        int result = 0;
        while (result == 0 && unsent == null) {
            int length = engine.drain(buffers.output.address(), buffers.output.size());
            if (length == 0) {
                return 0;
            }
            result = hand(length);
        }
        return unsent == null ? result : AGAIN;
    }

    /** Keeps the engine's own reason. */
    final int failed() {
        failure = engine.failure();
        return FAILED;
    }

    /** Whether the socket has not taken everything. */
    public final boolean awaitsOutput() {
        return unsent != null;
    }

    /** How TLS has failed; absent = it has not. */
    public final @Nullable TlsFailure failure() {
        return failure;
    }

    /** Encrypted bytes that the socket has taken. */
    public final long sentBytes() {
        return sentBytes;
    }
}
