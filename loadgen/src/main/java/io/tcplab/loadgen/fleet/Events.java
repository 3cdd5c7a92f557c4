package io.tcplab.loadgen.fleet;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for events, whether they come or fail. */
final class Events {

    private Events() {}

    /** When all have come or failed. */
    static CompletableFuture<Void> settled(List<CompletableFuture<Void>> all) {
        return CompletableFuture.allOf(
                all.stream().map(each -> each.handle((_, _) -> null)).toArray(CompletableFuture[]::new));
    }

    /** Whether it came or failed within so long. */
    static boolean within(CompletableFuture<?> event, long nanos) {
        try {
            event.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException _) {
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
