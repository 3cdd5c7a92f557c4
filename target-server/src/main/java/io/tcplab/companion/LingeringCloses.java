package io.tcplab.companion;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the close(2) of connections with SO_LINGER {1,n} off the event loops: it blocks until the peer has acknowledged everything,
 * also on a non-blocking socket (socket(7), inet_release in net/ipv4/af_inet.c). Each has a thread of its own up to a bound, so that
 * a dead peer does not hold up the others.
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

    /** @param closed run on the event loop in the end */
    void close(Wire.BlockingClose close, EventLoop loop, Runnable closed) {
        threads.execute(() -> {
            try {
                close.run();
            } catch (IOException reset) {
                // A reset in the middle of lingering: the descriptor is gone all the same (close(2)).
            }
            try {
                loop.execute(closed);
            } catch (RejectedExecutionException ended) {
                // The companion has ended meanwhile: nobody counts any more.
            }
        });
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
