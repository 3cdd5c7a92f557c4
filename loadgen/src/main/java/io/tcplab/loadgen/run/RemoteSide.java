package io.tcplab.loadgen.run;

import io.tcplab.kernel.observe.Observation;
import io.tcplab.loadgen.plan.Endpoint;
import io.tcplab.loadgen.report.Summary;
import io.tcplab.target.CompanionException;
import io.tcplab.target.control.ClockReading;
import io.tcplab.target.control.ControlClient;
import io.tcplab.target.control.ObservationLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a run as a companion or an observer on another host tells it, put on this host's clock.
 *
 * <p>The offset of the clocks is taken from the quickest of several questions: the answer was given between question and arrival, so
 * half the round trip bounds the error (NTP's reasoning, RFC 5905 §8).
 */
final class RemoteSide implements AutoCloseable {

    private static final int CLOCK_QUESTIONS = 7;
    private static final long PULL_MILLIS = 500;

    private final ControlClient client;
    private final Consumer<Observation> consumer;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread puller;
    private long offsetNanos;
    private long uncertaintyNanos = Long.MAX_VALUE;
    private long last;

    private RemoteSide(ControlClient client, Consumer<Observation> consumer) {
        this.client = client;
        this.consumer = consumer;
        this.puller =
                Thread.ofPlatform().name("remote-observations").daemon(true).unstarted(this::pullUntilStopped);
    }

    static RemoteSide start(Endpoint endpoint, @Nullable String token, Consumer<Observation> consumer)
            throws CannotRun {
        RemoteSide side = new RemoteSide(new ControlClient(endpoint.host(), endpoint.port(), token), consumer);
        try {
            side.readClock();
            side.last = side.client.observations(Long.MAX_VALUE >>> 1).last();
        } catch (CompanionException e) {
            throw new CannotRun(
                    "--observe " + endpoint + ": " + e.getMessage()
                            + " (start 'tcplab observe --port N --control HOST:PORT' beside the server)",
                    e);
        }
        side.puller.start();
        return side;
    }

    private void readClock() throws CompanionException {
        for (int i = 0; i < CLOCK_QUESTIONS; i++) {
            long before = System.nanoTime();
            ClockReading there = client.clock();
            long after = System.nanoTime();
            if (after - before < uncertaintyNanos * 2) {
                uncertaintyNanos = (after - before) / 2;
                offsetNanos = there.nanos() - (before + (after - before) / 2);
            }
        }
    }

    private void pullUntilStopped() {
        try {
            while (!stop.await(PULL_MILLIS, TimeUnit.MILLISECONDS)) {
                pull();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void pull() {
        try {
            ObservationLog.Part part = client.observations(last);
            last = part.last();
            for (Observation there : part.observations()) {
                consumer.accept(onOurClock(there));
            }
        } catch (CompanionException _) {
            // The observer may come back; what it kept meanwhile is pulled then, and what it lost is lost.
        }
    }

    private Observation onOurClock(Observation there) {
        return new Observation(
                there.atNanos() - offsetNanos,
                there.wallMillis(),
                there.acceptQueueLength(),
                there.acceptQueueLimit(),
                there.listenerDrops(),
                there.sockets(),
                there.states(),
                there.allStates(),
                there.counterDeltas(),
                there.costNanos());
    }

    /** The other host's clock minus ours. */
    Summary.ClockOffset clockOffset() {
        return new Summary.ClockOffset(offsetNanos / 1e3, uncertaintyNanos / 1e3);
    }

    /** Pulls what is left and ends. */
    @Override
    public void close() {
        stop.countDown();
        try {
            puller.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        pull();
        client.close();
    }
}
