package io.tcplab.loadgen.inspect;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** TLS over one connection: turns what is sent into records, and records into what was received. One thread uses it. */
final class SecureStream {

    private final SSLEngine engine;
    private ByteBuffer records;
    private boolean closeNotified;
    private int tickets;

    SecureStream(SSLEngine engine) {
        this.engine = engine;
        this.records = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() * 2);
    }

    /** The wire below, as bytes. */
    interface Raw {
        boolean send(byte[] bytes);

        Heard hear();
    }

    /** Performs the handshake; throws Unreachable with its reason. */
    void handshake(Raw raw) throws Unreachable {
        try {
            engine.beginHandshake();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_WRAP -> {
                        if (!raw.send(wrap(new byte[0]))) {
                            throw new Unreachable("the TLS handshake cannot be sent");
                        }
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!unwrapOne(new Output()) && !more(raw)) {
                            throw new Unreachable("the TLS handshake is not answered");
                        }
                    }
                    case NEED_TASK -> tasks();
                    case FINISHED, NOT_HANDSHAKING -> {
                        return;
                    }
                }
            }
        } catch (SSLException e) {
            throw new Unreachable("TLS: " + e.getMessage());
        }
    }

    private boolean more(Raw raw) throws Unreachable {
        Heard heard = raw.hear();
        if (heard instanceof Heard.Data data) {
            add(data.bytes());
            return true;
        }
        throw new Unreachable("in the TLS handshake: " + heard.words());
    }

    private void tasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    /** The version that was agreed on. */
    String version() {
        return engine.getSession().getProtocol();
    }

    /** Whether the peer's close_notify has come. */
    boolean closeNotified() {
        return closeNotified;
    }

    /** Records without data that came after the handshake: of TLS 1.3, tickets. */
    int tickets() {
        return tickets;
    }

    /** The records that carry these bytes. */
    byte[] wrap(byte[] plain) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(plain);
        byte[] all = new byte[0];
        do {
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            SSLEngineResult result = engine.wrap(source, record);
            all = joined(all, record.flip());
            if (result.getStatus() == Status.CLOSED || result.bytesConsumed() + result.bytesProduced() == 0) {
                return all;
            }
        } while (source.hasRemaining());
        return all;
    }

    /** Our close_notify. */
    byte[] closeNotify() throws SSLException {
        engine.closeOutbound();
        return wrap(new byte[0]);
    }

    /** What these bytes of the wire carry; none where a record is not whole, or carries no data. */
    byte[] unwrap(byte[] wire) throws SSLException {
        add(wire);
        Output output = new Output();
        while (unwrapOne(output)) {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                tasks();
            }
        }
        return output.plain;
    }

    private static final class Output {
        private byte[] plain = new byte[0];
    }

    /** One record; false where none is whole, or the stream is over. */
    private boolean unwrapOne(Output output) throws SSLException {
        if (closeNotified) {
            return false;
        }
        records.flip();
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        boolean handshaking = engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
        SSLEngineResult result = engine.unwrap(records, plain);
        records.compact();
        plain.flip();
        if (result.getStatus() == Status.CLOSED) {
            closeNotified = true;
        }
        if (!handshaking && result.getStatus() == Status.OK && !plain.hasRemaining() && result.bytesConsumed() > 0) {
            tickets++;
        }
        output.plain = joined(output.plain, plain);
        return result.getStatus() == Status.OK && (result.bytesConsumed() > 0 || plain.hasRemaining());
    }

    private void add(byte[] wire) {
        if (records.remaining() < wire.length) {
            ByteBuffer larger = ByteBuffer.allocate(records.position() + wire.length + 64 * 1024);
            records = larger.put(records.flip());
        }
        records.put(wire);
    }

    private static byte[] joined(byte[] first, ByteBuffer rest) {
        byte[] all = Arrays.copyOf(first, first.length + rest.remaining());
        rest.get(all, first.length, rest.remaining());
        return all;
    }
}
