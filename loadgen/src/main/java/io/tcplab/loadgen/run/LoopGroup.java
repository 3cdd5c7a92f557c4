package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.record.TlsTally;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The event loops of one load, which begin and end together. One thread runs the load; any thread may interrupt it. */
final class LoopGroup {

    private final List<LoadLoop> loops;
    private final CompletableFuture<Void> interruption = new CompletableFuture<>();
    private final CompletableFuture<Void> enough = new CompletableFuture<>();

    LoopGroup(List<LoadLoop> loops) {
        this.loops = List.copyOf(loops);
    }

    List<LoadLoop> each() {
        return loops;
    }

    void begin(long startNanos, long recordFromNanos) {
        loops.forEach(loop -> loop.begin(startNanos, recordFromNanos));
    }

    /** Ends what is being waited for. */
    void interrupt() {
        interruption.complete(null);
    }

    /** The time that is waited for has come, from now on: what is open may end as ever. */
    void endWaiting() {
        enough.complete(null);
    }

    boolean isInterrupted() {
        return interruption.isDone();
    }

    /** Waits for the time, for the end of the planned number of connections, for {@link #endWaiting}, or for an interruption. */
    void waitUntil(long nanos) {
        await(CompletableFuture.anyOf(all(LoadLoop::drained), interruption, enough), nanos - System.nanoTime());
    }

    /** Starts nothing more and waits for the end of what is open; an interruption that comes only now ends the wait as well. */
    void drain(boolean wasInterrupted, long limitNanos) {
        CompletableFuture<?> drained = all(LoadLoop::finish);
        await(wasInterrupted ? drained : CompletableFuture.anyOf(drained, interruption), limitNanos);
    }

    void close() {
        loops.forEach(LoadLoop::close);
    }

    TlsTally.Reading tls() {
        TlsTally sum = new TlsTally();
        loops.forEach(loop -> sum.add(loop.tls()));
        return sum.read();
    }

    private CompletableFuture<Void> all(Function<LoadLoop, CompletableFuture<?>> each) {
        return CompletableFuture.allOf(loops.stream().map(each).toArray(CompletableFuture[]::new));
    }

    private static void await(CompletableFuture<?> future, long nanos) {
        try {
            future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // the time was what we waited for
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event loop failed", e.getCause());
        }
    }
}
