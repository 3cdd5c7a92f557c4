package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Action;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that do what actions say. Each deed has its own, so that a slow one delays no other; but stops and starts of the server come
 * one after another, in the order in which they were due: a start that is due while a stop takes its time follows it.
 */
public final class DeedThreads implements AutoCloseable {

    private static final long LAST_SECONDS = 10;

    private final ThreadFactory factory =
            Thread.ofPlatform().daemon(true).name("tcplab-action-", 1).factory();
    private final ExecutorService atOnce = Executors.newCachedThreadPool(factory);
    private final ExecutorService inTurn = Executors.newSingleThreadExecutor(factory);

    /** Has {@code work} done, which is what {@code deed} says. */
    public void begin(Action.Deed deed, Runnable work) {
        boolean ordered = deed instanceof Action.Stop || deed instanceof Action.Start;
        var _ = (ordered ? inTurn : atOnce).submit(work);
    }

    /** Interrupts what is still being done, and returns when it has ended, or after 10 s. */
    @Override
    public void close() {
        atOnce.shutdownNow();
        inTurn.shutdownNow();
        try {
            boolean _ = atOnce.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)
                    && inTurn.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
