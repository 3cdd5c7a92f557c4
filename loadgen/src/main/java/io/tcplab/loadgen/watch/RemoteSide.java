package io.tcplab.loadgen.watch;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ClockReading;
import io.tcplab.companion.control.ControlClient;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.plan.CannotRun;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a run as a companion or an observer on another host tells it, put on this host's clock.
 *
 * <p>The offset of the clocks is taken from the quickest of several questions: the answer was given between question and arrival, so
 * half the round trip bounds the error (NTP's reasoning, RFC 5905 §8). All questions go over one connection, which is opened before
 * anything is counted and stays: what the kernels count meanwhile is the load's alone.
 */
final class RemoteSide implements AutoCloseable {

    private static final int CLOCK_QUESTIONS = 7;
    private static final long PULL_MILLIS = 500;

    private final ControlClient client;
    private final InetAddress target;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread puller;
    private Consumer<Observation> consumer = _ -> {};
    private long offsetNanos;
    private long uncertaintyNanos = Long.MAX_VALUE;
    private long last;
    private @Nullable CompanionCounts before;
    private @Nullable CompanionCounts after;
    private @Nullable SideSettings environment;
    private boolean closed;

    private RemoteSide(ControlClient client, InetAddress target) {
        this.client = client;
        this.target = target;
        this.puller =
                Thread.ofPlatform().name("remote-observations").daemon(true).unstarted(this::pullUntilStopped);
    }

    /** Connects and asks what does not change: the clock, the settings, what has been counted before. */
    static RemoteSide open(Endpoint endpoint, @Nullable String token, InetAddress target) throws CannotRun {
        RemoteSide side = new RemoteSide(new ControlClient(endpoint.host(), endpoint.port(), token), target);
        try {
            side.readClock();
            side.environment = side.readEnvironment();
            side.before = side.counts();
            side.last = side.client.observations(Long.MAX_VALUE >>> 1).last();
            side.take(side.client.observationsUpToNow(side.last));
            return side;
        } catch (CompanionException e) {
            throw new CannotRun(
                    "--observe " + endpoint + ": " + e.getMessage()
                            + " (start 'tcplab observe --port N --control HOST:PORT' beside the server)",
                    e);
        }
    }

    /** Hands over every observation from the last one on, which marks where counting begins. */
    void begin(Consumer<Observation> to) {
        consumer = to;
        last = Math.max(0, last - 1);
        pull();
        puller.start();
    }

    private void readClock() throws CompanionException {
        for (int i = 0; i < CLOCK_QUESTIONS; i++) {
            long asked = System.nanoTime();
            ClockReading there = client.clock();
            long answered = System.nanoTime();
            if ((answered - asked) / 2 < uncertaintyNanos) {
                uncertaintyNanos = (answered - asked) / 2;
                offsetNanos = there.nanos() - (asked + (answered - asked) / 2);
            }
        }
    }

    /** An older companion cannot tell. */
    private @Nullable SideSettings readEnvironment() {
        try {
            return SideSettings.of(client.side());
        } catch (CompanionException _) {
            return null;
        }
    }

    /** An observer without a companion has nothing to count. */
    private @Nullable CompanionCounts counts() {
        try {
            return client.counts();
        } catch (CompanionException _) {
            return null;
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
            take(client.observations(last));
        } catch (CompanionException _) {
            // The observer may come back; what it kept meanwhile is pulled then, and what it lost is lost.
        }
    }

    private void take(ObservationLog.Part part) {
        last = part.last();
        for (Observation there : part.observations()) {
            consumer.accept(onOurClock(there));
        }
    }

    /** Those that take the target's connections; all of the port where none has this address, as behind a translation of addresses. */
    private List<ObservedListener> listenersOfTarget(List<ObservedListener> all) {
        List<ListenerReading> taking =
                TargetListeners.of(all.stream().map(ObservedListener::socket).toList(), target);
        return taking.isEmpty()
                ? all
                : all.stream().filter(each -> taking.contains(each.socket())).toList();
    }

    private Observation onOurClock(Observation there) {
        return new Observation(
                there.atNanos() - offsetNanos,
                there.wallMillis(),
                listenersOfTarget(there.listeners()),
                there.otherListenerDrops(),
                there.sockets(),
                there.states(),
                there.allStates(),
                there.counterDeltas(),
                there.costNanos());
    }

    /** The other host's clock minus ours. */
    ClockOffset clockOffset() {
        return new ClockOffset(offsetNanos / 1e3, uncertaintyNanos / 1e3);
    }

    /** What the other side has set. */
    @Nullable
    SideSettings environment() {
        return environment;
    }

    /** What the companion counted between opening and closing, for whomever; {@code null} for an observer of another server. */
    @Nullable
    ServerProcess companion() {
        CompanionCounts from = before;
        CompanionCounts to = after;
        if (from == null || to == null) {
            return null;
        }
        Map<String, Long> counts = new LinkedHashMap<>(to.byName());
        from.byName().forEach((name, count) -> counts.merge(name, -count, Long::sum));
        return new ServerProcess(to.cpuSeconds() - from.cpuSeconds(), counts);
    }

    /** Takes what is left, up to an observation that was made after this call, and ends. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stop.countDown();
        try {
            puller.join(TimeUnit.SECONDS.toMillis(10));
            take(client.observationsUpToNow(last));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (CompanionException _) {
            // It is gone: what was pulled before is what there is.
        }
        after = counts();
        client.close();
    }
}
