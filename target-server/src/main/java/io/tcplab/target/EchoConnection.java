package io.tcplab.target;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;

/** A connection that sends back what it receives, and closes after the peer's FIN when all has gone back (RFC 862). */
final class EchoConnection extends ServedConnection {

    EchoConnection(ServingLoop loop, SocketChannel channel) {
        super(loop, channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        int length = received.readableBytes();
        counters.add(Counter.BYTES_IN, length);
        if (over()) {
            received.release();
            return;
        }
        ChannelFuture _ = context.writeAndFlush(received, context.voidPromise());
        counters.add(Counter.BYTES_OUT, length);
        if (!stalled() && !flushed()) {
            stall(context);
        }
    }

    @Override
    void resume(ChannelHandlerContext context) {
        if (!flushed()) {
            stall(context);
        }
    }

    @Override
    boolean inExchange() {
        return false;
    }
}
