package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.tcplab.companion.protocol.CloseStyle;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection on a {@link Wire}: reads into its loop's buffer, holds still while the peer does not take what is sent, and
 * ends as it is wished. What is spoken is the subclass's part.
 */
abstract class WireConnection extends ServedConnection {

    /** Makes the connection that a new wire serves. */
    interface Maker {
        WireConnection make(ServingLoop loop, Wire wire);
    }

    /** Reads without a break before others get their turn. */
    private static final int READS_AT_ONCE = 16;

    final Wire wire;
    private boolean stalled;
    private boolean finishing;

    /** The wire is closed, or its close is another thread's: it may serve another connection by now. */
    private boolean left;

    WireConnection(ServingLoop loop, Wire wire) {
        super(loop);
        this.wire = wire;
    }

    /** Bytes have come, in the loop's buffer: valid until this returns. */
    abstract void received(ByteBuf bytes);

    /** There is room again: sends what is left, then takes what was set aside. May stall again. */
    abstract void resume();

    /** Whether part of a request has come that is not answered yet. */
    abstract boolean inExchange();

    /** The handshake of TLS is complete. */
    void secured() {}

    /** Just accepted. Where requests tend to be there already, looks before it asks epoll. */
    void begin() {
        if (loop.looksAtOnce()) {
            loop.looked(read());
        }
        if (!over() && !stalled) {
            wire.awaitInput();
        }
    }

    /** The wire has input or, while stalled, output; or it broke, which the next call on it shows. */
    final void ready() {
        try {
            advance();
        } catch (OutOfMemoryError scarce) {
            loop.outOfMemory.run();
            throw scarce;
        }
    }

    private void advance() {
        if (!stalled) {
            read();
            return;
        }
        stalled = false;
        resume();
        if (!stalled && !over()) {
            if (finishing && !inExchange()) {
                close(CloseStyle.FIN, 0);
            } else {
                wire.awaitInput();
            }
        }
    }

    /** Takes what has come; false where nothing had. */
    private boolean read() {
        ByteBuf buffer = loop.buffer();
        for (int reads = 0; reads < READS_AT_ONCE; reads++) {
            int length = wire.receive(buffer.clear());
            if (length <= 0) {
                if (length < 0) {
                    ended(length);
                }
                return length < 0 || reads > 0;
            }
            counters.add(Counter.BYTES_IN, length);
            if (!over()) {
                received(buffer.writerIndex(length));
            }
            // What is over may have closed the wire, whose descriptor is another's then; one left open reports again.
            if (length < buffer.capacity() || stalled || over()) {
                return true;
            }
        }
        return true;
    }

    private void ended(int how) {
        if (how == Wire.REFUSED) {
            counters.increment(Counter.TLS_FAILED);
            over(Counter.CLOSED_FIN);
        } else if (how == Wire.BROKEN) {
            broken();
        } else {
            peerFinished();
        }
        closeDescriptor();
    }

    /** A send has shown that the connection is broken. */
    final void sendFailed() {
        broken();
        closeDescriptor();
    }

    final boolean stalled() {
        return stalled;
    }

    /** The socket's buffer is full: takes nothing more until {@link #resume}. */
    final void stall() {
        stalled = true;
        wire.awaitOutput();
    }

    /** An exchange is done, all of its response in the kernel's hands: ends the connection as the request or {@link #finish} asked. */
    final void exchanged(@Nullable CloseStyle style, int lingerSeconds) {
        counters.increment(Counter.EXCHANGES);
        if (style != null) {
            close(style, lingerSeconds);
        } else if (finishing) {
            close(CloseStyle.FIN, 0);
        }
    }

    /** Ends the connection this way. Once it is over, does nothing. */
    final void close(CloseStyle style, int lingerSeconds) {
        if (over()) {
            return;
        }
        switch (style) {
            case FIN -> {
                over(Counter.CLOSED_FIN);
                closeDescriptor();
            }
            case RST -> resetDescriptor();
            case HALF_CLOSE -> {
                over(Counter.CLOSED_HALF_CLOSE);
                wire.shutdownOutput();
                wire.awaitInput();
            }
            case LINGER -> {
                over(Counter.CLOSED_LINGER);
                left = true;
                loop.lingeringCloses.close(wire.closeLingering(lingerSeconds), loop.eventLoop, this::gone);
            }
            case ABANDON -> {
                if (loop.mayAbandon()) {
                    over(Counter.ABANDONED);
                    wire.ignore();
                } else {
                    resetDescriptor();
                }
            }
        }
    }

    @Override
    final void finish() {
        finishing = true;
        if (!stalled && !inExchange()) {
            close(CloseStyle.FIN, 0);
        }
    }

    private void resetDescriptor() {
        over(Counter.CLOSED_RST);
        left = true;
        wire.reset();
        gone();
    }

    @Override
    final void closeDescriptor() {
        if (!left) {
            left = true;
            wire.close();
        }
        gone();
    }
}
