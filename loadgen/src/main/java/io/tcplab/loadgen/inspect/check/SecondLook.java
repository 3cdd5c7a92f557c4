package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Expectations;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A second connection beside one that waits for a timeout, begun 0.4 s later: where both end in one moment, the server looks for such
 * connections at intervals, and the time that was measured hangs on when it was begun.
 */
final class SecondLook implements AutoCloseable {

    private static final int LATER_MILLIS = 400;
    private static final long TOGETHER_NANOS = 100_000_000L;
    private static final long STEP_NANOS = 50_000_000L;

    /** Opens the connection and brings it to where it waits; empty where that does not happen. */
    interface Beginning {
        Optional<Contact> begin() throws Unreachable;
    }

    private final Probe probe;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon(true).name("inspect-second").factory());
    private final Future<Long> end;

    // Set by the thread that closes it.
    private volatile boolean over;

    private SecondLook(Probe probe, Beginning beginning) {
        this.probe = probe;
        this.end = thread.submit(() -> {
            Thread.sleep(LATER_MILLIS);
            return ended(beginning.begin());
        });
    }

    static SecondLook begin(Probe probe, Beginning beginning) {
        return new SecondLook(probe, beginning);
    }

    /** When it ended; far in the future where it does not. */
    private long ended(Optional<Contact> contact) {
        long deadline = System.nanoTime() + probe.subject().patienceNanos();
        while (contact.isPresent() && !over && System.nanoTime() < deadline) {
            Heard heard = contact.get().ending(STEP_NANOS).heard();
            if (heard.isEnd()) {
                return heard.atNanos();
            }
        }
        return Long.MAX_VALUE;
    }

    /** The end of a sentence, where both have ended together; empty otherwise. */
    String words(long firstEndedNanos) {
        try {
            long second = end.get(TOGETHER_NANOS, TimeUnit.NANOSECONDS);
            if (Math.abs(second - firstEndedNanos) >= TOGETHER_NANOS) {
                return "";
            }
        } catch (TimeoutException | ExecutionException _) {
            return "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
        probe.figure(Expectations.ENDS_TOGETHER, 1);
        return "; the server looks at intervals: a connection begun 0.4 s later ended in the same moment";
    }

    /** The connection belongs to its thread, which has to be over before the connection is closed. */
    @Override
    public void close() {
        over = true;
        thread.shutdownNow();
        thread.close();
    }
}
