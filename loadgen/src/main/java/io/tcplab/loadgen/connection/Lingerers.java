package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.connection.wire.Wire;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** Threads for the close(2) that SO_LINGER lets wait, so that the event loop need not. */
final class Lingerers implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("linger-", 0).daemon(true).factory());

    private final Executor loop;

    /** {@code loop} runs what follows a close. */
    Lingerers(Executor loop) {
        this.loop = loop;
    }

    /** Told on the loop's thread when a close has returned, with the times around it. */
    interface Closed {
        void closed(long beforeNanos, long afterNanos, int result);
    }

    /** Closes on another thread. */
    void close(Wire.LingeringClose close, Closed whenClosed) {
        threads.execute(() -> {
            long before = System.nanoTime();
            int result = close.close();
            long after = System.nanoTime();
            try {
                loop.execute(() -> whenClosed.closed(before, after, result));
            } catch (RejectedExecutionException _) {
                // The loop has ended, and has counted the connection as open.
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
