package io.tcplab.loadgen.run;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.Cable;
import io.tcplab.kernel.cable.CableReading;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.host.DeviceCounters;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.loadgen.judge.CableChecks;
import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Fault;
import io.tcplab.loadgen.plan.Network;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Reconciled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The network between the sides of a run: the profile's, changed for a time by its faults and actions, on a cable of ours. Any thread
 * may change it.
 */
final class PlayedNetwork implements AutoCloseable {

    /** How long the two kernels and the cable may take to agree once the load has ended. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Profile profile;
    private final IsolatedPair pair;
    private final Cable cable;
    private final List<Fault> faults = new ArrayList<>();

    /** In effect, the latest last. */
    private final List<Changed> changes = new ArrayList<>();

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("tcplab-network").factory());

    private final @Nullable RunCapture capture;

    /** One change, which is taken back itself and not another that says the same. */
    private static final class Changed {
        private final Network network;

        Changed(Network network) {
            this.network = network;
        }
    }

    private PlayedNetwork(Profile profile, IsolatedPair pair, Cable cable, @Nullable RunCapture capture) {
        this.profile = profile;
        this.pair = pair;
        this.cable = cable;
        this.capture = capture;
    }

    /** What needs a network of our own, by its keys, where there is none; throws with what to do about it. */
    static void check(Profile profile, RunRequest request) throws CannotRun {
        String asked = profile.network() != null
                ? "network needs"
                : !profile.faults().isEmpty()
                        ? "faults need"
                        : profile.changesNetwork()
                                ? "actions.network needs"
                                : request.pcap() != null ? "--pcap needs" : "";
        if (asked.isEmpty()) {
            return;
        }
        if (profile.target() != null) {
            throw new CannotRun(asked
                    + " an isolated network, which no target of yours is in: remove the target, or what needs it.");
        }
        if (request.isolation() != Isolation.NETNS) {
            throw new CannotRun(asked + " an isolated network: add --isolate netns.");
        }
    }

    /** Of a pair with a cable; null where it has none. Faults from 0 on begin now, before there is any load. */
    static @Nullable PlayedNetwork of(Profile profile, IsolatedPair pair, @Nullable PcapOption pcap, Path results)
            throws IOException {
        Cable cable = pair.cable();
        if (cable == null) {
            return null;
        }
        RunCapture capture = pcap == null ? null : RunCapture.begin(pcap, results, cable);
        PlayedNetwork network = new PlayedNetwork(profile, pair, cable, capture);
        profile.faults().stream().filter(fault -> fault.fromNanos() == 0).forEach(network::begin);
        return network;
    }

    /** Sets the clock; {@code nanos} is the {@link System#nanoTime} value at which the recorded part begins. */
    void recordedFrom(long nanos) {
        cable.countNamedAnew();
        at(nanos, cable::measureAnew);
        for (Fault fault : profile.faults()) {
            if (fault.fromNanos() > 0) {
                at(nanos + fault.fromNanos(), () -> begin(fault));
            }
            if (fault.untilNanos() != Fault.NEVER) {
                at(nanos + fault.untilNanos(), () -> end(fault));
            }
        }
    }

    private void at(long nanos, Runnable change) {
        var _ = clock.schedule(change, nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private synchronized void begin(Fault fault) {
        faults.add(fault);
        apply();
    }

    private synchronized void end(Fault fault) {
        faults.remove(fault);
        apply();
    }

    /** Changes it now, for as long as the action says. */
    synchronized void change(Action.Change change) {
        Changed changed = new Changed(change.network());
        changes.add(changed);
        apply();
        if (change.forNanos() != Action.Change.TO_THE_END) {
            at(System.nanoTime() + change.forNanos(), () -> changeBack(changed));
        }
    }

    private synchronized void changeBack(Changed change) {
        changes.remove(change);
        apply();
    }

    private void apply() {
        Network now = profile.path();
        for (Changed change : changes) {
            now = change.network.over(now);
        }
        CableSettings settings = now.settings();
        for (Fault fault : faults) {
            settings = with(settings, fault.drop());
        }
        cable.change(settings);
    }

    /** The settings with a fault; one that is in effect already changes nothing, however often it is. */
    static CableSettings with(CableSettings settings, Fault.Drop drop) {
        return switch (drop) {
            case EVERYTHING ->
                new CableSettings(
                        settings.fromClient().withLoss(1), settings.fromServer().withLoss(1), settings.lose());
            case ACKS -> {
                NamedLoss acks = new NamedLoss(Side.CLIENT, SegmentKind.ACK, 0, false);
                List<NamedLoss> lose = new ArrayList<>(settings.lose());
                if (!lose.contains(acks)) {
                    lose.add(acks);
                }
                yield new CableSettings(settings.fromClient(), settings.fromServer(), lose);
            }
        };
    }

    /**
     * What it did, and the checks of what the cable and both kernels counted.
     *
     * @param figures for the summary
     * @param checks the third witness beside the two kernels
     */
    record Seen(NetworkFigures figures, List<Reconciled> checks) {}

    /** Reads cable and kernels, again while segments are still on their way, until they agree or the patience is over. */
    Seen finish() throws CannotRun {
        long until = System.nanoTime() + PATIENCE_NANOS + 2 * profile.path().roundTripNanos();
        Seen seen = look();
        while (seen.checks().stream().anyMatch(check -> !check.agrees()) && System.nanoTime() < until) {
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return seen;
            }
            seen = look();
        }
        return seen;
    }

    private Seen look() throws CannotRun {
        CableChecks.End client = end(pair.client());
        CableReading reading = cable.read();
        CableChecks.End server = end(pair.server());
        CableSettings asked = profile.path().settings();
        long oneWay =
                Math.min(asked.fromClient().delayNanos(), asked.fromServer().delayNanos());
        return new Seen(
                NetworkFigures.of(profile.path().written(), oneWay, reading, capture == null ? null : capture.lost()),
                CableChecks.checks(reading, client, server));
    }

    private static CableChecks.End end(NetworkNamespace namespace) throws CannotRun {
        try {
            return namespace.call(() -> new CableChecks.End(CounterSnapshot.read(), loopbackWasUsed()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The counters of a namespace cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static boolean loopbackWasUsed() {
        return DeviceCounters.read("lo").filter(lo -> lo.receivedBytes() > 0).isPresent();
    }

    /** Takes the secrets of TLS connections, where packets are captured. */
    TlsContext.@Nullable Client logging(TlsContext.@Nullable Client tls) {
        return tls == null || capture == null ? tls : tls.logging(capture::secret);
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        if (capture != null) {
            capture.close();
        }
    }
}
