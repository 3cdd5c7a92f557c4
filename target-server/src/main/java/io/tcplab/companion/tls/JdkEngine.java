package io.tcplab.companion.tls;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One connection's SSLEngine of the JDK. */
final class JdkEngine implements TlsEngine {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String RECEIVED = "Received fatal alert: ";

    private final SSLEngine engine;
    private final JdkContext context;

    /** What came and is not decrypted, ready to be read. */
    private ByteBuffer in = NOTHING;

    /** What is to be sent, ready to be read. */
    private ByteBuffer out = NOTHING;

    private boolean resumed;
    private int written;
    private @Nullable String refusal;
    private @Nullable TlsFailure failure;

    JdkEngine(SSLEngine engine, JdkContext context, boolean client) {
        this.engine = engine;
        this.context = context;
        this.resumed = client;
    }

    /** A certificate was shown: no session is resumed. */
    void full() {
        resumed = false;
    }

    void refused(String sentence) {
        refusal = sentence;
    }

    private static ByteBuffer memory(long address, int length) {
        return MemorySegment.ofAddress(address).reinterpret(length).asByteBuffer();
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }

    @Override
    public void feed(long address, int length) {
        in = joined(in, memory(address, length));
    }

    @Override
    public int unread() {
        return 0;
    }

    @Override
    public int handshake() {
        context.active = this;
        try {
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                    && !engine.getSession().isValid()) {
                engine.beginHandshake();
            }
            for (; ; ) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> wrap();
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        SSLEngineResult result = engine.unwrap(in, NOTHING.duplicate());
                        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                            return MORE;
                        } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                            return failed("the peer closed in the handshake");
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        return DONE;
                    }
                }
            }
        } catch (SSLException | IllegalArgumentException broken) {
            return failed(String.valueOf(broken.getMessage()));
        } finally {
            context.active = null;
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void wrap() throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(NOTHING.duplicate(), record);
        out = joined(out, record.flip());
    }

    private int failed(String message) {
        String refused = refusal;
        if (refused != null) {
            failure = new TlsFailure(TlsFailure.Kind.CERTIFICATE, refused);
        } else if (message.contains(RECEIVED)) {
            String alert = message.substring(message.indexOf(RECEIVED) + RECEIVED.length());
            failure = new TlsFailure(TlsFailure.Kind.ALERT, alert);
        } else {
            failure = new TlsFailure(TlsFailure.Kind.PROTOCOL, message);
        }
        try {
            wrap(); // the alert
        } catch (SSLException _) {
            return FAILED;
        }
        return FAILED;
    }

    @Override
    public int read(long address, int capacity) {
        context.active = this;
        ByteBuffer to = memory(address, capacity);
        try {
            for (; ; ) {
                SSLEngineResult result = engine.unwrap(in, to);
                runTasks();
                if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                    wrap();
                }
                if (result.bytesProduced() > 0) {
                    return result.bytesProduced();
                }
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> {
                        return MORE;
                    }
                    case CLOSED -> {
                        return ENDED;
                    }
                    case OK -> {}
                }
            }
        } catch (SSLException broken) {
            return failed(String.valueOf(broken.getMessage()));
        } finally {
            context.active = null;
        }
    }

    @Override
    public int write(long address, int length, long to, int capacity) {
        try {
            SSLEngineResult result = engine.wrap(memory(address, Math.min(length, RECORD_BYTES)), memory(to, capacity));
            written = result.bytesProduced();
            return result.bytesConsumed();
        } catch (SSLException broken) {
            written = 0;
            return failed(String.valueOf(broken.getMessage()));
        }
    }

    @Override
    public int written() {
        return written;
    }

    @Override
    public void closeNotify() {
        engine.closeOutbound();
        try {
            wrap();
        } catch (SSLException _) {
            return; // nothing can be said any more
        }
    }

    @Override
    public int drain(long address, int capacity) {
        int length = Math.min(out.remaining(), capacity);
        if (length > 0) {
            memory(address, length).put(out.slice(out.position(), length));
            out.position(out.position() + length);
        }
        return length;
    }

    @Override
    public TlsFailure failure() {
        TlsFailure seen = failure;
        return seen == null ? new TlsFailure(TlsFailure.Kind.PROTOCOL, "unknown") : seen;
    }

    @Override
    public boolean resumed() {
        return resumed;
    }

    @Override
    public String version() {
        return engine.getSession().getProtocol();
    }

    @Override
    public String cipher() {
        return engine.getSession().getCipherSuite();
    }

    @Override
    public @Nullable String alpn() {
        String chosen = engine.getApplicationProtocol();
        return chosen == null || chosen.isEmpty() ? null : chosen;
    }

    @Override
    public void release() {
        in = NOTHING;
        out = NOTHING;
    }
}
