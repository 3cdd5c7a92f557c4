package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts the bytes of a connection whose codec hides them; one for all connections of a loop. */
@Sharable
final class ByteTally extends ChannelDuplexHandler {

    private final LoopCounters counters;

    ByteTally(LoopCounters counters) {
        this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf received) {
            counters.add(Counter.BYTES_IN, received.readableBytes());
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf sent) {
            counters.add(Counter.BYTES_OUT, sent.readableBytes());
        }
        ChannelFuture _ = context.write(message, promise);
    }
}
