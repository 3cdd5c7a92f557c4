package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsEngine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A wire whose bytes are encrypted by TLS. The handshake is made by {@link #receive}, which has nothing until it is complete. The peer's
 * close_notify alone is answered once its last request is; its FIN ends the connection as without TLS. Each close but RST and abandon is
 * announced by close_notify, unless the peer has closed before.
 */
final class TlsWire extends TlsOutput {

    /** Room of a loop for encrypted bytes that have come. */
    static final int INPUT_BYTES = 1 << 16;

    private @Nullable WireConnection connection;

    private boolean secured;
    private boolean notified;
    private boolean answerDue;
    private boolean finCame;
    private boolean ended;

    TlsWire(Wire socket, TlsContext context, ServingLoop loop) {
        super(socket, context.open(false), loop);
    }

    /** Makes connections of these on a secured wire. */
    static WireConnection.Maker secured(WireConnection.Maker plain, TlsContext context) {
        return (loop, wire) -> {
            TlsWire secure = new TlsWire(wire, context, loop);
            WireConnection connection = plain.make(loop, secure);
            secure.connection = connection;
            return connection;
        };
    }

    @Override
    public int receive(ByteBuf into) {
        if (broken) {
            return BROKEN;
        }
        if (hasUnsent()) {
            if (flush() < 0) {
                return BROKEN;
            } else if (hasUnsent()) {
                return NOTHING;
            }
            socket.awaitInput();
        }
        ByteBuf input = loop.secureInput();
        int received = socket.receive(input.clear());
        if (received <= 0) {
            finCame = received < 0;
            return received;
        } else if (notified) {
            return NOTHING; // nothing counts after close_notify
        }
        engine.feed(input.memoryAddress(), received);
        if (!secured) {
            int result = handshake();
            if (result != TlsEngine.DONE || ended) {
                return result == TlsEngine.FAILED ? REFUSED : NOTHING;
            }
        }
        return decrypt(into);
    }

    private int handshake() {
        int step;
        do {
            step = engine.handshake();
            drain();
        } while (step == TlsEngine.FULL && !hasUnsent());
        if (step == TlsEngine.DONE) {
            secured = true;
            loop.counters.increment(engine.resumed() ? Counter.TLS_RESUMED : Counter.TLS_FULL);
            WireConnection served = connection;
            if (served != null) {
                served.secured();
            }
        }
        return step == TlsEngine.ENDED ? TlsEngine.FAILED : step;
    }

    private int decrypt(ByteBuf into) {
        int total = 0;
        while (!ended) {
            int length = engine.read(into.memoryAddress() + total, into.capacity() - total);
            if (length > 0) {
                total += length;
                continue;
            }
            drain();
            if (length == TlsEngine.FAILED || (length == TlsEngine.FULL && hasUnsent())) {
                return REFUSED;
            } else if (length == TlsEngine.ENDED) {
                notified = true;
                answerDue = true;
                loop.eventLoop.execute(this::answer);
                break;
            } else if (length == TlsEngine.MORE) {
                break;
            }
        }
        return total;
    }

    /** The peer sends no more: says the same as soon as all is answered. */
    private void answer() {
        WireConnection served = connection;
        if (answerDue && served != null && !ended && !finCame && !served.stalled() && !served.inExchange()) {
            answerDue = false;
            notifyClose();
        }
    }

    private void notifyClose() {
        if (secured && !finCame && !ended) {
            engine.closeNotify();
            drain();
        }
    }

    /** What is still to be sent, and close_notify behind it. */
    private ByteBuf goodbye() {
        ByteBuf rest = Unpooled.directBuffer();
        if (secured && !finCame && !ended) {
            engine.closeNotify();
            appendRest(rest);
        }
        return rest;
    }

    /** TLS is over: no call of the engine may follow. */
    private void end() {
        if (!ended) {
            ended = true;
            engine.release();
            dropUnsent();
        }
    }

    @Override
    public void awaitInput() {
        socket.awaitInput();
        answer();
    }

    @Override
    public void awaitOutput() {
        socket.awaitOutput();
    }

    @Override
    public void ignore() {
        socket.ignore();
    }

    @Override
    public void shutdownOutput() {
        notifyClose();
        socket.shutdownOutput();
    }

    @Override
    public void close() {
        notifyClose();
        end();
        socket.close();
    }

    @Override
    public void reset() {
        end();
        socket.reset();
    }

    @Override
    public BlockingClose closeLingering(int seconds) {
        ByteBuf goodbye = goodbye();
        end();
        BlockingClose close = socket.closeLingering(seconds);
        return new BlockingClose() {
            @Override
            public void run() throws IOException {
                try {
                    // Right before the close: in between, the peer would answer into a socket that is about to go.
                    if (goodbye.isReadable()) {
                        close.send(goodbye);
                    }
                } finally {
                    boolean _ = goodbye.release();
                }
                close.run();
            }

            @Override
            public void send(ByteBuf last) {
                throw new IllegalStateException("TLS has said its last");
            }
        };
    }
}
