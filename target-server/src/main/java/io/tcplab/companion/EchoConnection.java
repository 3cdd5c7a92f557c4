package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** A connection that sends back what it receives, and closes after the peer's FIN when all has gone back (RFC 862). */
final class EchoConnection extends WireConnection {

    // What the peer has not taken back yet.
    private @Nullable ByteBuf aside;

    EchoConnection(ServingLoop loop, Wire wire) {
        super(loop, wire);
    }

    @Override
    void received(ByteBuf bytes) {
        int sent = wire.send(bytes);
        if (sent < 0) {
            sendFailed();
            return;
        }
        counters.add(Counter.BYTES_OUT, sent);
        bytes.skipBytes(sent);
        if (bytes.isReadable()) {
            if (aside == null) {
                // Direct, as it is sent from there.
                aside = Unpooled.directBuffer(bytes.readableBytes()).writeBytes(bytes);
            }
            stall();
        }
    }

    @Override
    void resume() {
        ByteBuf waiting = aside;
        if (waiting == null) {
            return;
        }
        received(waiting);
        if (!stalled()) {
            discard();
        }
    }

    @Override
    void discard() {
        if (aside != null) {
            aside.release();
            aside = null;
        }
    }

    @Override
    boolean inExchange() {
        return false;
    }
}
