package io.tcplab.loadgen.watch;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ControlClient;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.loadgen.plan.CannotRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a run as a companion or an observer on another host tells it, put on this host's clock.
 *
 * <p>All questions go over one connection, which is opened before anything is counted and stays: what the kernels count meanwhile is
 * the load's alone. When it breaks, nothing more is asked until the load is over; then one more connection is tried. Where the same
 * observer answers with everything since, nothing was lost, and that connection is taken out of its counters; otherwise what was seen
 * ends with the last observation that arrived.
 */
final class RemoteSide implements AutoCloseable {

    private static final long PULL_MILLIS = 500;
    private static final long OPENING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ControlClient client;
    private final OtherHost there;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread puller;
    private Consumer<Observation> consumer = _ -> {};
    private long last;
    private long lastThereNanos;
    private boolean complete;
    private @Nullable CompanionCounts before;
    private @Nullable CompanionCounts after;
    private @Nullable SideSettings environment;
    private boolean closed;

    private RemoteSide(ControlClient client, InetAddress target) {
        this.client = client;
        this.there = new OtherHost(target);
        this.puller =
                Thread.ofPlatform().name("remote-observations").daemon(true).unstarted(this::pullUntilStopped);
    }

    /** Connects and asks what does not change: the clock, the settings, what has been counted before. */
    static RemoteSide open(Endpoint endpoint, @Nullable String token, InetSocketAddress target) throws CannotRun {
        RemoteSide side =
                new RemoteSide(new ControlClient(endpoint.host(), endpoint.port(), token), target.getAddress());
        try {
            side.client.endBy(System.nanoTime() + OPENING_NANOS);
            side.there.compareClocks(side.client);
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
            consumer.accept(there.asHere(part.observations().getFirst()));
            take(part);
        } catch (CompanionException e) {
            throw new CannotRun("--observe: the observer went away before the run began: " + e.getMessage(), e);
        }
        puller.start();
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
        for (Observation each :
                part.observations().subList(1, part.observations().size())) {
            lastThereNanos = each.atNanos();
            consumer.accept(there.asHere(each));
        }
        last = part.last();
    }

    /** When the last observation was made that arrived, on our clock, where it is not the last one of the run; empty where all arrived. */
    OptionalLong lostAtNanos() {
        return complete ? OptionalLong.empty() : OptionalLong.of(there.onOurClock(lastThereNanos));
    }

    /** The other host's clock minus ours. */
    ClockOffset clockOffset() {
        return there.clockOffset();
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
                take(OtherHost.withoutOurs(part, client.connections() - connections));
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
}
