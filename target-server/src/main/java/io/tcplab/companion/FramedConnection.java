package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frame;
import io.tcplab.companion.protocol.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks framed requests: header, body, response, and then the close that the header asked for.
 *
 * <p>Requests are read in place from the loop's buffer and answered one after the other, straight from the pattern. While a response
 * does not fit into the socket's buffer nothing more is taken: what has been read already is set aside.
 */
final class FramedConnection extends WireConnection {

    // The request: bytes of a header that came in pieces, then what is missing of the body.
    private @Nullable ByteBuf header;
    private int bodyLeft;
    private int requestBytes;

    // The response to it, and what comes after.
    private int seed;
    private int responseBytes;
    private int responseLeft;
    private @Nullable CloseStyle style;
    private int lingerSeconds;

    // What was read behind a request whose response stalled.
    private @Nullable ByteBuf aside;

    FramedConnection(ServingLoop loop, Wire wire) {
        super(loop, wire);
    }

    /** Answers what is complete; sets the rest aside when a response stalls, throws it away when the connection is over. */
    @Override
    void received(ByteBuf bytes) {
        while (bytes.isReadable() && !over()) {
            if (stalled()) {
                aside = Unpooled.copiedBuffer(bytes);
                return;
            }
            boolean complete = bodyLeft > 0 ? takeBody(bytes) : takeHeader(bytes);
            if (complete) {
                responseLeft = responseBytes;
                send();
            }
        }
    }

    /** True where the header is complete and no body follows. */
    private boolean takeHeader(ByteBuf bytes) {
        ByteBuf pieces = header;
        boolean inPieces = pieces != null && pieces.isReadable();
        if (!inPieces && bytes.readableBytes() >= Frame.HEADER_BYTES) {
            int at = bytes.readerIndex();
            bytes.skipBytes(Frame.HEADER_BYTES);
            return begin(bytes, at);
        }
        if (pieces == null) {
            pieces = Unpooled.buffer(Frame.HEADER_BYTES, Frame.HEADER_BYTES);
            header = pieces;
        }
        pieces.writeBytes(bytes, Math.min(bytes.readableBytes(), pieces.writableBytes()));
        if (pieces.isWritable()) {
            return false;
        }
        boolean complete = begin(pieces, 0);
        pieces.clear();
        return complete;
    }

    private boolean begin(ByteBuf from, int at) {
        if (Frame.defect(from, at) != null) {
            refuse();
            return false;
        }
        style = Frame.close(from, at);
        lingerSeconds = Frame.lingerSeconds(from, at);
        requestBytes = Frame.requestBytes(from, at);
        responseBytes = Frame.responseBytes(from, at);
        seed = Frame.seed(from, at);
        bodyLeft = requestBytes - Frame.HEADER_BYTES;
        return bodyLeft == 0;
    }

    /** True where the body is complete. */
    private boolean takeBody(ByteBuf bytes) {
        int length = Math.min(bodyLeft, bytes.readableBytes());
        if (!Pattern.matches(bytes, length, seed, requestBytes - bodyLeft)) {
            refuse();
            return false;
        }
        bytes.skipBytes(length);
        bodyLeft -= length;
        return bodyLeft == 0;
    }

    /** A malformed request is answered with RST, so that the peer learns of it at once. */
    private void refuse() {
        counters.increment(Counter.BAD_FRAMES);
        close(CloseStyle.RST, 0);
    }

    private void send() {
        while (responseLeft > 0) {
            int length = Math.min(responseLeft, Pattern.PERIOD);
            int sent = wire.send(loop.view(seed, responseBytes - responseLeft, length));
            if (sent < 0) {
                sendFailed();
                return;
            }
            counters.add(Counter.BYTES_OUT, sent);
            responseLeft -= sent;
            if (sent < length) {
                stall();
                return;
            }
        }
        exchanged(style, lingerSeconds);
    }

    @Override
    void resume() {
        send();
        ByteBuf waiting = aside;
        if (!stalled() && waiting != null) {
            aside = null;
            received(waiting);
        }
    }

    @Override
    boolean inExchange() {
        return bodyLeft > 0 || responseLeft > 0 || (header != null && header.isReadable());
    }
}
