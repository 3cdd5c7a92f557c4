package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.tcplab.companion.protocol.CloseStyle;

/** A connection on which nothing is spoken: closed as the settings say, or by the peer. What arrives is thrown away. */
final class SilentConnection extends WireConnection {

    private final CloseOnAccept closeOnAccept;

    SilentConnection(ServingLoop loop, Wire wire, CloseOnAccept closeOnAccept) {
        super(loop, wire);
        this.closeOnAccept = closeOnAccept;
    }

    @Override
    void begin() {
        CloseStyle style = closeOnAccept.style();
        if (style == null || wire instanceof TlsWire) {
            super.begin();
        } else {
            close(style, closeOnAccept.lingerSeconds());
        }
    }

    @Override
    void secured() {
        CloseStyle style = closeOnAccept.style();
        if (style != null) {
            close(style, closeOnAccept.lingerSeconds());
        }
    }

    @Override
    void received(ByteBuf bytes) {
        // Counted already.
    }

    @Override
    void resume() {
        // Nothing is ever sent.
    }

    @Override
    boolean inExchange() {
        return false;
    }
}
