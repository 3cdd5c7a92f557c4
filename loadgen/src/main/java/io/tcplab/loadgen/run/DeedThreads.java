package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Action;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that do what actions say. Each command has its own, so that a slow one delays no other; but stops and starts of the server
 * come one after another, in the order in which they were due: a start that is due while a stop takes its time follows it. So do signals
 * and changes of the network, which take no time: of two that are due at once the later one is in effect.
 */
public final class DeedThreads implements AutoCloseable {

    private static final long LAST_SECONDS = 10;

    private final ThreadFactory factory =
            Thread.ofPlatform().daemon(true).name("tcplab-action-", 1).factory();
    private final ExecutorService atOnce = Executors.newCachedThreadPool(factory);
    private final ExecutorService inTurn = Executors.newSingleThreadExecutor(factory);
    private final ExecutorService instant = Executors.newSingleThreadExecutor(factory);

    /** Has {@code work} done, which is what {@code deed} says. */
    public void begin(Action.Deed deed, Runnable work) {
        ExecutorService threads = switch (deed) {
            case Action.Run _ -> atOnce;
            case Action.Stop _, Action.Start _ -> inTurn;
            case Action.Send _, Action.Change _, Action.Moment _ -> instant;
        };
        var _ = threads.submit(work);
    }

    /** Interrupts what is still being done, and returns when it has ended, or after 10 s. */
    @Override
    public void close() {
        atOnce.shutdownNow();
        inTurn.shutdownNow();
        instant.shutdownNow();
        try {
            boolean _ = atOnce.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)
                    && inTurn.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)
                    && instant.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
