package io.tcplab.target;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Accepts connections and hands them to the loops in turn; with a delay or a pause it leaves them in the kernel's accept queue, for
 * no accept(2) is called. Used by the listener's event loop alone.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {

    /** Rest after a failed accept(2): out of descriptors (EMFILE) the listener stays readable and would be asked again at once. */
    private static final long REST_AFTER_FAILURE_MILLIS = 100;

    private final CompanionSettings settings;
    private final List<ServingLoop> loops;
    private final ServerChannel listener;
    private int turn;
    private boolean paused;
    private boolean waiting;
    private long taken;
    private int quietPolls;

    Acceptor(CompanionSettings settings, List<ServingLoop> loops, ServerChannel listener) {
        this.settings = settings;
        this.loops = loops;
        this.listener = listener;
        this.paused = settings.acceptPaused();
        listener.config().setAutoRead(freely());
    }

    private boolean freely() {
        return !paused && settings.acceptDelayNanos() == 0;
    }

    /** The listener is bound; Netty itself reads now where auto-read is on. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        if (!freely()) {
            acceptLater();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        taken++;
        ServingLoop loop = loops.get(turn);
        turn = turn + 1 == loops.size() ? 0 : turn + 1;
        SocketChannel channel = (SocketChannel) message;
        if (loop.eventLoop.inEventLoop()) {
            adopt(loop, channel);
        } else {
            loop.eventLoop.execute(() -> adopt(loop, channel));
        }
        if (!freely()) {
            acceptLater();
        }
    }

    private void adopt(ServingLoop loop, SocketChannel channel) {
        if (!settings.nodelay()) {
            channel.config().setTcpNoDelay(false);
        }
        if (settings.sendBufferBytes() > 0) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
        }
        ServedConnection connection = connection(loop, channel);
        channel.pipeline().addLast(connection);
        loop.add(connection);
        ChannelFuture _ = loop.eventLoop.register(channel);
    }

    private ServedConnection connection(ServingLoop loop, SocketChannel channel) {
        return switch (settings.protocol()) {
            case TCPLAB -> {
                channel.config().setRecvByteBufAllocator(loop.readBuffer);
                yield new FramedConnection(loop, channel);
            }
            case NONE -> {
                channel.config().setRecvByteBufAllocator(loop.readBuffer);
                yield new SilentConnection(loop, channel, settings.closeOnAccept());
            }
            case ECHO -> new EchoConnection(loop, channel);
            case HTTP -> {
                channel.pipeline().addLast(loop.byteTally, new HttpServerCodec());
                yield new HttpConnection(loop, channel);
            }
        };
    }

    void pause() {
        paused = true;
        listener.config().setAutoRead(false);
    }

    void resume() {
        paused = false;
        if (freely()) {
            listener.config().setAutoRead(true);
        } else {
            acceptLater();
        }
    }

    /**
     * Takes what waits in the accept queue, then closes the listener; what waits behind a pause or a delay is reset by the kernel
     * (net/ipv4/inet_connection_sock.c, inet_csk_listen_stop).
     */
    void finish(Promise<Void> closed) {
        long before = taken;
        if (!freely()) {
            listener.close().addListener(_ -> closed.setSuccess(null));
            return;
        }
        // A listener with a non-empty queue is readable at every poll: two polls without a connection, and it is empty.
        Future<?> _ = listener.eventLoop()
                .schedule(
                        () -> {
                            quietPolls = taken == before ? quietPolls + 1 : 0;
                            if (quietPolls < 2) {
                                finish(closed);
                            } else {
                                listener.close().addListener(_ -> closed.setSuccess(null));
                            }
                        },
                        1,
                        TimeUnit.MILLISECONDS);
    }

    /** One accept(2) after the delay: a single read of a listener without auto-read takes a single connection. */
    private void acceptLater() {
        if (paused || waiting) {
            return;
        }
        waiting = true;
        Future<?> _ = listener.eventLoop().schedule(this::acceptOne, settings.acceptDelayNanos(), TimeUnit.NANOSECONDS);
    }

    private void acceptOne() {
        waiting = false;
        if (!paused) {
            Channel _ = listener.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        loops.getFirst().counters.increment(Counter.ACCEPT_FAILURES);
        listener.config().setAutoRead(false);
        Future<?> _ = listener.eventLoop()
                .schedule(this::resumeUnlessPaused, REST_AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void resumeUnlessPaused() {
        if (!paused) {
            resume();
        }
    }
}
