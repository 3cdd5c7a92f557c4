package io.tcplab.target;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections with SO_LINGER {1,n} off the event loop: close(2) then blocks until the peer has acknowledged everything, also
 * on a non-blocking socket (socket(7), inet_release in net/ipv4/af_inet.c). Netty itself has one thread for all of them, on which a
 * single dead peer would hold up every other connection.
 */
final class LingeringCloses implements AutoCloseable {

    private static final int MOST_THREADS = 256;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("tcplab-linger-", 0).daemon().factory());

    LingeringCloses() {
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Closes the channel, whose SO_LINGER is set. Called on its event loop.
     *
     * @param closed run on the event loop in the end where no {@code channelInactive} is fired, as the channel had to leave its loop
     */
    void close(Channel channel, Runnable closed) {
        if (channel instanceof EpollSocketChannel epoll) {
            // Out of epoll first: the descriptor's number is free for others as soon as close(2) has begun.
            epoll.deregister().addListener(_ -> threads.execute(() -> closeDescriptor(epoll, closed)));
        } else {
            ChannelFuture _ = channel.close();
        }
    }

    private static void closeDescriptor(EpollSocketChannel epoll, Runnable closed) {
        try {
            epoll.fd().close();
        } catch (IOException _) {
            // A reset in the middle of lingering: the descriptor is gone all the same (close(2)).
        }
        if (!epoll.eventLoop().isShuttingDown()) {
            epoll.close().addListener(_ -> closed.run());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
