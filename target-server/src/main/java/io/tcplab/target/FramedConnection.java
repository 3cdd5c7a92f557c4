package io.tcplab.target;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.tcplab.target.protocol.CloseWish;
import io.tcplab.target.protocol.Frame;
import io.tcplab.target.protocol.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks framed requests: header, body, response, and then the close that the header wished.
 *
 * <p>Requests are read in place from the loop's buffer and answered one after the other, straight from the pattern. While a response
 * does not fit into the socket's buffer nothing more is taken: what has been read already is set aside, and reading stops.
 */
final class FramedConnection extends ServedConnection {

    // The request: bytes of a header that came in pieces, then what is missing of the body.
    private @Nullable ByteBuf header;
    private int bodyLeft;
    private int requestBytes;

    // The response to it, and what comes after.
    private int seed;
    private int responseBytes;
    private int responseLeft;
    private CloseWish wish = CloseWish.KEEP_OPEN;
    private int lingerSeconds;

    // What was read while a response stalled.
    private @Nullable ByteBuf aside;

    FramedConnection(ServingLoop loop, SocketChannel channel) {
        super(loop, channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        try {
            counters.add(Counter.BYTES_IN, received.readableBytes());
            take(context, received);
        } finally {
            received.release();
        }
    }

    /** Answers what is complete; sets the rest aside when a response stalls, throws it away when the connection is over. */
    private void take(ChannelHandlerContext context, ByteBuf received) {
        while (received.isReadable() && !over()) {
            if (stalled()) {
                setAside(received);
                return;
            }
            boolean complete = bodyLeft > 0 ? takeBody(received) : takeHeader(received);
            if (complete) {
                responseLeft = responseBytes;
                send(context);
            }
        }
    }

    /** True where the header is complete and no body follows. */
    private boolean takeHeader(ByteBuf received) {
        ByteBuf pieces = header;
        boolean inPieces = pieces != null && pieces.isReadable();
        if (!inPieces && received.readableBytes() >= Frame.HEADER_BYTES) {
            int at = received.readerIndex();
            received.skipBytes(Frame.HEADER_BYTES);
            return begin(received, at);
        }
        if (pieces == null) {
            pieces = Unpooled.buffer(Frame.HEADER_BYTES, Frame.HEADER_BYTES);
            header = pieces;
        }
        pieces.writeBytes(received, Math.min(received.readableBytes(), pieces.writableBytes()));
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
        wish = Frame.close(from, at);
        lingerSeconds = Frame.lingerSeconds(from, at);
        requestBytes = Frame.requestBytes(from, at);
        responseBytes = Frame.responseBytes(from, at);
        seed = Frame.seed(from, at);
        bodyLeft = requestBytes - Frame.HEADER_BYTES;
        return bodyLeft == 0;
    }

    /** True where the body is complete. */
    private boolean takeBody(ByteBuf received) {
        int length = Math.min(bodyLeft, received.readableBytes());
        int at = received.readerIndex();
        if (received.hasMemoryAddress()
                && !Pattern.matches(received.memoryAddress() + at, length, seed, requestBytes - bodyLeft)) {
            refuse();
            return false;
        }
        received.skipBytes(length);
        bodyLeft -= length;
        return bodyLeft == 0;
    }

    /** What is no request is answered with RST, so that the peer learns at once. */
    private void refuse() {
        counters.increment(Counter.BAD_FRAMES);
        close(CloseWish.RST, 0);
    }

    private void send(ChannelHandlerContext context) {
        while (responseLeft > 0) {
            int length = Math.min(responseLeft, Pattern.PERIOD);
            ByteBuf view = loop.view(seed, responseBytes - responseLeft, length);
            ChannelFuture _ = context.writeAndFlush(view, context.voidPromise());
            if (over()) {
                return;
            }
            counters.add(Counter.BYTES_OUT, length);
            responseLeft -= length;
            if (!flushed()) {
                loop.keepView();
                stall(context);
                return;
            }
        }
        exchanged(wish, lingerSeconds);
    }

    @Override
    void resume(ChannelHandlerContext context) {
        send(context);
        ByteBuf waiting = aside;
        if (stalled() || waiting == null) {
            return;
        }
        aside = null;
        try {
            take(context, waiting);
        } finally {
            waiting.release();
        }
    }

    private void setAside(ByteBuf received) {
        if (aside == null) {
            aside = channel.alloc().directBuffer(received.readableBytes());
        }
        aside.writeBytes(received);
    }

    @Override
    boolean inExchange() {
        return bodyLeft > 0 || responseLeft > 0 || (header != null && header.isReadable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (aside != null) {
            aside.release();
            aside = null;
        }
        super.channelInactive(context);
    }
}
