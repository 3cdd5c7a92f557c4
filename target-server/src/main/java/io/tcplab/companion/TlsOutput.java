package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tcplab.companion.tls.TlsEngine;
import org.jspecify.annotations.Nullable;

/** The half of a secured wire that sends: encrypts, and keeps what the socket does not take. */
abstract class TlsOutput implements Wire {

    private static final int RECORDS = 8;

    /** Room of a loop for encrypted bytes that are to be sent. */
    static final int OUTPUT_BYTES = RECORDS * (TlsEngine.RECORD_BYTES + TlsEngine.RECORD_OVERHEAD);

    final Wire socket;
    final TlsEngine engine;
    final ServingLoop loop;

    /** Encrypted bytes that the socket has not taken, and how many plain ones they stand for. */
    private @Nullable ByteBuf unsent;

    private int held;

    /** A send has shown that the connection is broken: the next read would show a FIN instead. */
    boolean broken;

    TlsOutput(Wire socket, TlsEngine engine, ServingLoop loop) {
        this.socket = socket;
        this.engine = engine;
        this.loop = loop;
    }

    @Override
    public final int send(ByteBuf from) {
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

    final int flush() {
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

    final void drain() {
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

    /** Whether the socket has not taken everything. */
    final boolean hasUnsent() {
        return unsent != null;
    }

    /** Gives up what the socket has not taken. */
    final void dropUnsent() {
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
    }

    /** Appends what the socket has not taken, and what the engine has to say behind it. */
    final void appendRest(ByteBuf to) {
        if (unsent != null) {
            to.writeBytes(unsent);
        }
        ByteBuf output = loop.secureOutput();
        for (int length; (length = engine.drain(output.memoryAddress(), OUTPUT_BYTES)) > 0; ) {
            to.writeBytes(output.setIndex(0, length));
        }
    }
}
