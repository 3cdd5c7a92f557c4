package io.tcplab.loadgen.watch;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ClockReading;
import io.tcplab.companion.control.ControlClient;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.plan.CannotRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a run as a companion or an observer on another host tells it, put on this host's clock.
 *
 * <p>The offset of the clocks is taken from the quickest of several questions: the answer was given between question and arrival, so
 * half the round trip bounds the error (NTP's reasoning, RFC 5905 §8). All questions go over one connection, which is opened before
 * anything is counted and stays: what the kernels count meanwhile is the load's alone. When it breaks, nothing more is asked
 * until the load is over; then one more connection is tried. Where the same observer answers with everything since, nothing was
 * lost, and that connection is taken out of its counters; otherwise what was seen ends with the last observation that arrived.
 */
final class RemoteSide implements AutoCloseable {

    private static final int CLOCK_QUESTIONS = 7;
    private static final long PULL_MILLIS = 500;
    private static final long OPENING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ControlClient client;
    private final InetAddress target;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread puller;
    private Consumer<Observation> consumer = _ -> {};
    private long offsetNanos;
    private long uncertaintyNanos = Long.MAX_VALUE;
    private long last;
    private long lastThereNanos;
    private boolean complete;
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
    static RemoteSide open(Endpoint endpoint, @Nullable String token, InetSocketAddress target) throws CannotRun {
        RemoteSide side =
                new RemoteSide(new ControlClient(endpoint.host(), endpoint.port(), token), target.getAddress());
        try {
            side.client.endBy(System.nanoTime() + OPENING_NANOS);
            side.readClock();
            side.environment = side.readEnvironment();
            side.before = side.counts();
            side.last = side.client.observations(Long.MAX_VALUE >>> 1).last();
            ObservationLog.Part first = side.client.observationsUpToNow(side.last);
            side.client.endBy(Long.MAX_VALUE);
            checkPort(endpoint, first, target);
            side.last = first.last();
            side.lastThereNanos = first.observations().getLast().atNanos();
            return side;
        } catch (CompanionException e) {
            side.client.close();
            throw new CannotRun(
                    "--observe " + endpoint + ": " + e.getMessage()
                            + " (start 'tcplab observe --port N --control HOST:PORT' beside the server)",
                    e);
        } catch (CannotRun e) {
            side.client.close();
            throw e;
        }
    }

    /** An observer of another port would show another server's queue under this one's name. */
    private static void checkPort(Endpoint endpoint, ObservationLog.Part first, InetSocketAddress target)
            throws CannotRun {
        if (first.observations().isEmpty()) {
            throw new CannotRun(
                    "--observe " + endpoint + ": it has no observations; start it without --observe-interval 0.");
        }
        if (first.port() != 0 && first.port() != target.getPort()) {
            throw new CannotRun("--observe " + endpoint + " observes port " + first.port()
                    + ", and the target's port is " + target.getPort() + ": start 'tcplab observe --port "
                    + target.getPort() + "' beside the server.");
        }
    }

    /** Hands over every observation from the last one on, which marks where counting begins. */
    void begin(Consumer<Observation> to) throws CannotRun {
        consumer = to;
        try {
            ObservationLog.Part part = client.observations(Math.max(0, last - 1));
            if (!continues(part)) {
                throw new CompanionException("its observations do not continue");
            }
            consumer.accept(onOurClock(part.observations().getFirst()));
            take(part);
        } catch (CompanionException e) {
            throw new CannotRun("--observe: the observer went away before the run began: " + e.getMessage(), e);
        }
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

    /** A connection opened now would be in both kernels' counters: where there is none, what the observer keeps waits for the end. */
    private void pull() {
        if (!client.isConnected()) {
            return;
        }
        try {
            ObservationLog.Part part = client.observations(Math.max(0, last - 1));
            if (continues(part)) {
                take(part);
            }
        } catch (CompanionException _) {
            // Asked once more when the load is over.
        }
    }

    /** Whether it begins with the last observation that we have: another observer, or one that was started again, has another. */
    private boolean continues(ObservationLog.Part part) {
        return part.lost() == 0
                && !part.observations().isEmpty()
                && part.observations().getFirst().atNanos() == lastThereNanos
                && part.last() == last + part.observations().size() - 1;
    }

    private void take(ObservationLog.Part part) {
        for (Observation there :
                part.observations().subList(1, part.observations().size())) {
            lastThereNanos = there.atNanos();
            consumer.accept(onOurClock(there));
        }
        last = part.last();
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

    /** When the last observation was made that arrived, on our clock, where it is not the last one of the run; empty where all arrived. */
    OptionalLong lostAtNanos() {
        return complete ? OptionalLong.empty() : OptionalLong.of(lastThereNanos - offsetNanos);
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
            client.endBy(System.nanoTime() + CLOSING_NANOS);
            int connections = client.connections();
            ObservationLog.Part part = lastPart();
            complete = continues(part);
            if (complete) {
                take(withoutOurs(part, client.connections() - connections));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (CompanionException _) {
            // It is gone: what was pulled before is what there is.
        }
        after = complete && before != null ? counts() : null;
        client.close();
    }

    /** That the connection is broken may show only now: then it is opened once more. */
    private ObservationLog.Part lastPart() throws CompanionException {
        boolean connected = client.isConnected();
        try {
            return client.observationsUpToNow(Math.max(0, last - 1));
        } catch (CompanionException e) {
            if (!connected) {
                throw e;
            }
            return client.observationsUpToNow(Math.max(0, last - 1));
        }
    }

    /** Takes the connections that we have opened since out of the counter of those that the other kernel accepted: the latest ones. */
    private static ObservationLog.Part withoutOurs(ObservationLog.Part part, long ours) {
        List<Observation> observations = new ArrayList<>(part.observations());
        String counter = KernelCounter.PASSIVE_OPENS.kernelName();
        long left = ours;
        for (int i = observations.size() - 1; i > 0 && left > 0; i--) {
            Observation seen = observations.get(i);
            long counted = Math.min(left, seen.counterDeltas().getOrDefault(counter, 0L));
            if (counted > 0) {
                Map<String, Long> deltas = new LinkedHashMap<>(seen.counterDeltas());
                deltas.merge(counter, -counted, Long::sum);
                observations.set(i, seen.withCounterDeltas(deltas));
                left -= counted;
            }
        }
        return new ObservationLog.Part(observations, part.last(), part.lost(), part.port());
    }
}
