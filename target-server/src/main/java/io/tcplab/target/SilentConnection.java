package io.tcplab.target;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;

/** A connection on which nothing is spoken: closed as the settings say, or by the peer. What arrives is thrown away. */
final class SilentConnection extends ServedConnection {

    private final CloseOnAccept closeOnAccept;

    SilentConnection(ServingLoop loop, SocketChannel channel, CloseOnAccept closeOnAccept) {
        super(loop, channel);
        this.closeOnAccept = closeOnAccept;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        close(closeOnAccept.how(), closeOnAccept.lingerSeconds());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        counters.add(Counter.BYTES_IN, received.readableBytes());
        received.release();
    }

    @Override
    void resume(ChannelHandlerContext context) {
        // Nothing is ever sent.
    }

    @Override
    boolean inExchange() {
        return false;
    }
}
