package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsEngine;
import org.jspecify.annotations.Nullable;

/**
 * A wire whose bytes are encrypted by TLS. The handshake is made by {@link #receive}, which has nothing until it is complete. The peer's
 * close_notify alone is answered once its last request is; its FIN ends the connection as without TLS. Each close but RST and abandon is
 * announced by close_notify, unless the peer has closed before.
 */
final class SecureWire implements Wire {

    /** Room of a loop for encrypted bytes that have come, and for those that are to be sent. */
    static final int INPUT_BYTES = 1 << 16;

    private static final int RECORDS = 8;
    static final int OUTPUT_BYTES = RECORDS * (TlsEngine.RECORD_BYTES + TlsEngine.RECORD_OVERHEAD);

    private final Wire socket;
    private final TlsEngine engine;
    private final ServingLoop loop;
    private @Nullable WireConnection connection;

    /** Encrypted bytes that the socket has not taken, and how many plain ones they stand for. */
    private @Nullable ByteBuf unsent;

    private int held;
    private boolean secured;
    private boolean notified;
    private boolean answerDue;
    private boolean finCame;
    private boolean ended;

    /** A send has shown that the connection is broken: the next read would show a FIN instead. */
    private boolean broken;

    SecureWire(Wire socket, TlsContext context, ServingLoop loop) {
        this.socket = socket;
        this.engine = context.open(false);
        this.loop = loop;
    }

    /** Makes connections of these on a secured wire. */
    static WireConnection.Maker secured(WireConnection.Maker plain, TlsContext context) {
        return (loop, wire) -> {
            SecureWire secure = new SecureWire(wire, context, loop);
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
        if (unsent != null) {
            if (flush() < 0) {
                return BROKEN;
            } else if (unsent != null) {
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
        } while (step == TlsEngine.FULL && unsent == null);
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
            if (length == TlsEngine.FAILED || (length == TlsEngine.FULL && unsent != null)) {
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

    @Override
    public int send(ByteBuf from) {
        if (flush() < 0) {
            return BROKEN;
        } else if (unsent != null) {
            return NOTHING;
        } else if (held > 0) {
            int sent = held;
            held = 0;
            return sent;
        }
        ByteBuf output = loop.secureOutput();
        int made = 0;
        int taken = 0;
        for (int record = 0; record < RECORDS && taken < from.readableBytes(); record++) {
            int each = engine.write(
                    from.memoryAddress() + from.readerIndex() + taken,
                    Math.min(from.readableBytes() - taken, TlsEngine.RECORD_BYTES),
                    output.memoryAddress() + made,
                    OUTPUT_BYTES - made);
            if (each == TlsEngine.FAILED) {
                return BROKEN;
            }
            made += engine.written();
            taken += each;
        }
        int result = hand(output.setIndex(0, made));
        if (result < 0) {
            return BROKEN;
        } else if (unsent != null) {
            held = taken;
            return NOTHING;
        }
        return taken;
    }

    /** Gives the socket what is to be sent, and keeps what it does not take; below 0 where it is broken. */
    private int hand(ByteBuf bytes) {
        int sent = bytes.isReadable() ? socket.send(bytes) : 0;
        if (sent < 0) {
            return sent;
        }
        bytes.skipBytes(sent);
        if (bytes.isReadable()) {
            unsent = Unpooled.directBuffer(bytes.readableBytes()).writeBytes(bytes);
            socket.awaitOutput();
        }
        return 0;
    }

    private int flush() {
        ByteBuf rest = unsent;
        if (rest == null) {
            return 0;
        }
        unsent = null;
        try {
            return hand(rest);
        } finally {
            rest.release();
        }
    }

    private void drain() {
        ByteBuf output = loop.secureOutput();
        while (unsent == null) {
            int length = engine.drain(output.memoryAddress(), OUTPUT_BYTES);
            if (length == 0) {
                return;
            } else if (hand(output.setIndex(0, length)) < 0) {
                broken = true;
                return;
            }
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
            if (unsent != null) {
                rest.writeBytes(unsent);
            }
            engine.closeNotify();
            ByteBuf output = loop.secureOutput();
            for (int length; (length = engine.drain(output.memoryAddress(), OUTPUT_BYTES)) > 0; ) {
                rest.writeBytes(output.setIndex(0, length));
            }
        }
        return rest;
    }

    /** TLS is over: no call of the engine may follow. */
    private void end() {
        if (!ended) {
            ended = true;
            engine.release();
            if (unsent != null) {
                unsent.release();
                unsent = null;
            }
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
        return () -> {
            try {
                // Right before the close: in between, the peer would answer into a socket that is about to go.
                int ignored = goodbye.isReadable() ? socket.send(goodbye) : 0;
            } finally {
                goodbye.release();
            }
            close.run();
        };
    }
}
