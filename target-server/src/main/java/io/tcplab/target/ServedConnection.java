package io.tcplab.target;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.tcplab.target.protocol.CloseWish;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection: how it ends, who is counted for it, and what happens while the peer does not take what we send. What is
 * spoken on it is the subclass's part. Used by its event loop alone.
 */
abstract class ServedConnection extends ChannelInboundHandlerAdapter implements ChannelFutureListener {

    final ServingLoop loop;
    final LoopCounters counters;
    final SocketChannel channel;

    // The list of the loop's connections.
    @Nullable
    ServedConnection previous;

    @Nullable
    ServedConnection next;

    private boolean over;
    private boolean peerFinished;
    private boolean resetSeen;
    private boolean stalled;
    private boolean finishing;

    ServedConnection(ServingLoop loop, SocketChannel channel) {
        this.loop = loop;
        this.counters = loop.counters;
        this.channel = channel;
    }

    /** Whether part of a request has come that is not answered yet. */
    abstract boolean inExchange();

    /** Everything written has reached the kernel: sends what is left, then takes what was set aside. May stall again. */
    abstract void resume(ChannelHandlerContext context);

    /** Whether nothing more is to be taken or sent: we have begun to end the connection, or it broke. */
    final boolean over() {
        return over;
    }

    final boolean stalled() {
        return stalled;
    }

    /** Whether all that was written is in the kernel's hands; also true where the channel is closed. */
    final boolean flushed() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null || outbound.isEmpty();
    }

    /**
     * The socket's buffer is full: stops reading and goes on in {@link #resume} when an empty write behind the full one has got
     * through. Meanwhile the peer's FIN does not close the channel: there is something left to send.
     */
    final void stall(ChannelHandlerContext context) {
        if (!stalled) {
            stalled = true;
            channel.config().setAllowHalfClosure(true);
            channel.config().setAutoRead(false);
        }
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this);
    }

    @Override
    public final void operationComplete(ChannelFuture emptyWrite) {
        ChannelHandlerContext context = channel.pipeline().context(this);
        if (!emptyWrite.isSuccess() || context == null || !channel.isOpen()) {
            return;
        }
        stalled = false;
        resume(context);
        if (stalled || !channel.isOpen()) {
            return;
        }
        if (!over && (peerFinished || finishing) && !inExchange()) {
            close(CloseWish.FIN, 0);
            return;
        }
        if (!over) {
            channel.config().setAllowHalfClosure(false);
        }
        channel.config().setAutoRead(true);
    }

    /** An exchange is done, all of its response flushed: ends the connection as wished, or as {@link #finish} asked. */
    final void exchanged(CloseWish wish, int lingerSeconds) {
        counters.increment(Counter.EXCHANGES);
        if (wish != CloseWish.KEEP_OPEN) {
            close(wish, lingerSeconds);
        } else if (finishing) {
            close(CloseWish.FIN, 0);
        }
    }

    /** Ends the connection this way; what was written is in the kernel's hands already. Once it is over, does nothing. */
    final void close(CloseWish how, int lingerSeconds) {
        if (over || how == CloseWish.KEEP_OPEN) {
            return;
        }
        over = true;
        switch (how) {
            case KEEP_OPEN -> {}
            case FIN -> {
                countUnlessPeerWasFirst(Counter.CLOSED_FIN);
                closeChannel();
            }
            case RST -> {
                counters.increment(Counter.CLOSED_RST);
                channel.config().setSoLinger(0);
                closeChannel();
            }
            case HALF_CLOSE -> halfClose();
            case LINGER -> {
                countUnlessPeerWasFirst(Counter.CLOSED_LINGER);
                channel.config().setSoLinger(lingerSeconds);
                if (lingerSeconds == 0) {
                    closeChannel();
                } else {
                    loop.lingeringCloses.close(channel, () -> loop.remove(this));
                }
            }
            case ABANDON -> {
                counters.increment(Counter.ABANDONED);
                channel.config().setAllowHalfClosure(true);
            }
        }
    }

    /** FIN now; the peer's FIN then closes the channel, since half-closure is no longer allowed. */
    private void halfClose() {
        countUnlessPeerWasFirst(Counter.CLOSED_HALF_CLOSE);
        if (peerFinished) {
            closeChannel();
        } else {
            channel.config().setAllowHalfClosure(false);
            ChannelFuture _ = channel.shutdownOutput();
        }
    }

    /** Closes now when idle, else when the exchange is done; what is over already stays as it is. */
    final void finish() {
        finishing = true;
        if (!stalled && !inExchange()) {
            close(CloseWish.FIN, 0);
        }
    }

    private void countUnlessPeerWasFirst(Counter counter) {
        if (!peerFinished) {
            counters.increment(counter);
        }
    }

    private void closeChannel() {
        ChannelFuture _ = channel.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        peerFinished();
        if (!stalled) {
            close(CloseWish.FIN, 0);
        }
    }

    /** The first FIN was the peer's unless we have acted before. */
    private void peerFinished() {
        if (!over && !resetSeen && !peerFinished) {
            peerFinished = true;
            counters.increment(Counter.PEER_CLOSED_FIRST);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!resetSeen && isReset(cause)) {
            resetSeen = true;
            counters.increment(Counter.RESETS_SEEN);
        }
        over = true;
        closeChannel();
    }

    /** ECONNRESET of a read, or EPIPE of a write after it. */
    private static boolean isReset(Throwable cause) {
        String message = cause.getMessage();
        return cause instanceof IOException
                && message != null
                && (message.toLowerCase(Locale.ROOT).contains("reset") || message.contains("Broken pipe"));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        peerFinished();
        over = true;
        loop.remove(this);
    }
}
