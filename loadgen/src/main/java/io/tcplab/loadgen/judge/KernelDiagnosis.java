package io.tcplab.loadgen.judge;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.PortBudget;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Names the causes of failures and oddities from what the kernel counted, with the arithmetic and the remedy. */
public final class KernelDiagnosis {

    /** Half of the timeline's interval at its usual second: beyond it a row may stand in another's place. */
    private static final double CLOCK_MICROS = 500_000;

    private static final double FOREIGN_SHARE = 0.01;
    private static final long FOREIGN_LEAST = 5;
    private static final double LEFTOVER_SHARE = 0.01;
    private static final double CLIFF_RATIO = 3;
    private static final double CLIFF_PORTS_SHARE = 0.4;

    private final Profile profile;
    private final Measurement measured;
    private final Summary summary;
    private final Environment environment;
    private final List<RunWarning> warnings;

    private KernelDiagnosis(
            Profile profile,
            Measurement measured,
            Summary summary,
            Environment environment,
            List<RunWarning> warnings) {
        this.profile = profile;
        this.measured = measured;
        this.summary = summary;
        this.environment = environment;
        this.warnings = warnings;
    }

    public static void add(
            Profile profile,
            Measurement measured,
            Summary summary,
            Environment environment,
            List<RunWarning> warnings) {
        KernelDiagnosis diagnosis = new KernelDiagnosis(profile, measured, summary, environment, warnings);
        diagnosis.leftovers();
        diagnosis.ports();
        diagnosis.descriptors();
        diagnosis.synRetries();
        diagnosis.foreign();
        KernelFigures.SideFigures client = summary.kernel().client();
        KernelFigures.SideFigures server = summary.kernel().server();
        diagnosis.side(Side.CLIENT, client);
        diagnosis.side(Side.SERVER, server);
        diagnosis.resetsByUnreadData(client, server);
        diagnosis.clock();
        if (server != null) {
            diagnosis.observer(server);
            diagnosis.listener(server);
        }
    }

    private void leftovers() {
        Leftovers before = summary.before();
        if (before != null && before.portsShare() > LEFTOVER_SHARE) {
            warnings.add(new RunWarning.LeftoverTimeWait(before.timeWaitToTarget(), before.portsShare()));
        }
    }

    private void ports() {
        long ports = limit(environment.client(), "ephemeralPorts");
        int sources = Math.max(1, profile.client().sources().size());
        long failures = summary.outcomes().count(ConnectionOutcome.NO_LOCAL_PORT);
        if (failures > 0 && ports > 0) {
            PortBudget budget = PortBudget.of(profile, ports, PortBudget.Reuse.NONE, null);
            warnings.add(new RunWarning.LocalPortsExhausted(
                    failures, ports, sources, budget.held(), budget.sustainablePerSecond()));
        }
        KernelFigures.SideFigures client = summary.kernel().client();
        List<Double> connects = measured.connectP50Micros();
        if (client == null || connects.size() < 2 || ports <= 0) {
            return;
        }
        double used = client.timeWait().peak() / (double) (ports * sources);
        double before = connects.getFirst();
        double after = connects.getLast();
        if (used > CLIFF_PORTS_SHARE && after > CLIFF_RATIO * before) {
            warnings.add(new RunWarning.PortSearchCliff(before, after, Math.min(1, used)));
        }
    }

    private void descriptors() {
        long failures = summary.outcomes().count(ConnectionOutcome.NO_DESCRIPTOR);
        if (failures > 0) {
            warnings.add(new RunWarning.DescriptorsExhausted(failures, limit(environment.client(), "openFilesSoft")));
        }
        long entries = limit(environment.client(), "conntrackCount");
        long most = limit(environment.client(), "conntrackMax");
        if (most > 0 && entries >= most) {
            warnings.add(new RunWarning.ConntrackFull(entries, most));
        }
    }

    /** SYNs go again after 1 s each as often as tcp_syn_linear_timeouts says, then after twice as long each time (ip-sysctl). */
    private void synRetries() {
        KernelFigures.SideFigures client = summary.kernel().client();
        Histogram connects = measured.connects();
        // Without a retransmit a latency near a second is something else, such as a generator that was stopped.
        if (client == null || client.counter(KernelCounter.SYN_RETRANSMITS) == 0) {
            return;
        }
        if (connects.getTotalCount() == 0 || connects.getMaxValue() < 900_000_000L) {
            return;
        }
        long linear = number(environment.client().sysctls(), "net.ipv4.tcp_syn_linear_timeouts");
        StringBuilder times = new StringBuilder();
        long clustered = 0;
        long at = 0;
        long timeout = 1;
        for (int i = 0; i < 8; i++) {
            at += timeout;
            if (i >= linear) {
                timeout *= 2;
            }
            long near = connects.getCountBetweenValues(
                    at * 1_000_000_000L - 50_000_000L, at * 1_000_000_000L + 300_000_000L);
            if (near > 0) {
                clustered += near;
                times.append(times.isEmpty() ? "" : ", ").append(at);
            }
        }
        if (clustered > 0) {
            warnings.add(new RunWarning.SynRetryClusters(
                    clustered, times.toString(), client.counter(KernelCounter.SYN_RETRANSMITS)));
        }
    }

    private void foreign() {
        Reconciled opens = summary.reconciliation().stream()
                .filter(check -> check.is(Reconciled.Check.CONNECTS))
                .findFirst()
                .orElse(null);
        if (opens == null || environment.isolation().equals("netns")) {
            return;
        }
        long foreign = opens.kernel() - opens.ours();
        if (foreign > FOREIGN_LEAST && foreign > opens.kernel() * FOREIGN_SHARE) {
            warnings.add(new RunWarning.ForeignTraffic(Side.CLIENT, foreign, foreign / (double) opens.kernel()));
        }
    }

    private void side(Side which, KernelFigures.@Nullable SideFigures side) {
        if (side == null) {
            return;
        }
        long overflow = side.counter(KernelCounter.TIME_WAIT_OVERFLOWS);
        if (overflow > 0) {
            SideSettings settings = environment.of(which);
            long buckets = settings == null ? -1 : number(settings.sysctls(), "net.ipv4.tcp_max_tw_buckets");
            warnings.add(new RunWarning.TimeWaitBucketOverflow(which, overflow, buckets));
        }
        // What no accept() has taken yet no code could have closed.
        long queued = side.listeners().stream().mapToLong(ListenerFigures::last).sum();
        Long atEnd = side.atEnd("CLOSE_WAIT");
        long closeWait = atEnd == null ? 0 : atEnd - queued;
        if (closeWait > 0) {
            warnings.add(new RunWarning.CloseWaitStays(which, closeWait));
        }
    }

    /** Where both sides are one namespace its counter is the same for both, and says of neither that it was the one. */
    private void resetsByUnreadData(
            KernelFigures.@Nullable SideFigures client, KernelFigures.@Nullable SideFigures server) {
        if (client != null && server != null && environment.sidesShareOneNamespace()) {
            addResets("one of the two sides (they share a network namespace)", client);
            return;
        }
        addResets("the client", client);
        addResets("the server", server);
    }

    private void addResets(String whose, KernelFigures.@Nullable SideFigures side) {
        long resets = side == null ? 0 : side.counter(KernelCounter.ABORTS_ON_CLOSE);
        if (resets > 0) {
            warnings.add(new RunWarning.ResetsByUnreadData(whose, resets));
        }
    }

    private void clock() {
        ClockOffset clock = summary.clockOffset();
        if (clock != null && clock.uncertaintyMicros() > CLOCK_MICROS) {
            warnings.add(new RunWarning.ClockUncertain(clock.micros(), clock.uncertaintyMicros()));
        }
    }

    private void observer(KernelFigures.SideFigures server) {
        Double from = server.partialFromSecond();
        if (from != null) {
            warnings.add(new RunWarning.ObserverLost(from));
        }
    }

    private void listener(KernelFigures.SideFigures server) {
        KernelFigures.AcceptQueue queue = server.acceptQueue();
        long overflows = server.counter(KernelCounter.LISTEN_OVERFLOWS);
        long backlog = profile.server().backlog();
        boolean ours = profile.startsCompanion();
        if (server.listeners().isEmpty() && overflows > 0 && queue != null && queue.peak() > queue.limit()) {
            warnings.add(new RunWarning.AcceptQueueOverflowed(
                    overflows, true, queue.peak(), queue.limit(), setBy(queue.setBy()), ""));
        }
        server.listeners().forEach(each -> process(each));
        server.listeners().stream()
                .limit(1)
                .forEach(
                        worst -> overflowed(worst, overflows, server.listeners().size()));
        if (ours && queue != null && queue.limit() < backlog) {
            warnings.add(new RunWarning.ListenerBacklogClamped(
                    backlog,
                    queue.limit(),
                    environment.server() == null ? queue.limit() : limit(environment.server(), "somaxconn")));
        }
        long dropped = server.counter(KernelCounter.SYN_QUEUE_FULL_DROPS);
        if (dropped > 0) {
            warnings.add(
                    new RunWarning.SynQueueDrops(dropped, server.peakStates().getOrDefault("SYN_RECV", 0L)));
        }
        long cookies = server.counter(KernelCounter.SYNCOOKIES_SENT);
        if (cookies > 0) {
            warnings.add(new RunWarning.SynCookiesSent(
                    cookies,
                    server.counter(KernelCounter.SYNCOOKIES_RECEIVED),
                    server.counter(KernelCounter.SYNCOOKIES_FAILED)));
        }
    }

    /** Only what is this listener's: where others' drops may account for every overflow, its queue is accused of none. */
    private void overflowed(ListenerFigures worst, long overflows, int listeners) {
        long own = worst.overflows() == null ? 0 : worst.overflows();
        boolean seen = worst.limit() != null && worst.peak() > worst.limit();
        if (own == 0 && !(seen && overflows > 0 && worst.drops() != null && worst.drops() > 0)) {
            return;
        }
        String name = worst.name() + (listeners > 1 ? ", the worst of " + listeners + " listeners," : "");
        warnings.add(new RunWarning.AcceptQueueOverflowed(
                Math.max(1, own),
                own == overflows,
                worst.peak(),
                worst.limit() == null ? -1 : worst.limit(),
                setBy(worst.setBy()),
                name));
    }

    private void process(ListenerFigures listener) {
        if (listener.outOfDescriptors() && listener.descriptors() != null && listener.descriptorLimit() != null) {
            warnings.add(new RunWarning.ServerOutOfDescriptors(
                    listener.name(), listener.descriptors(), listener.descriptorLimit()));
        }
        if (listener.stopped() != null && listener.stopped() > 0 && listener.processes() != null) {
            warnings.add(new RunWarning.ServerStopped(listener.name(), listener.stopped(), listener.processes()));
        }
    }

    private static @Nullable LimitSetBy setBy(@Nullable String id) {
        return id == null ? null : LimitSetBy.byId(id).orElse(null);
    }

    private static long limit(SideSettings side, String name) {
        return number(side.limits(), name);
    }

    private static long number(Map<String, String> facts, String name) {
        String value = facts.getOrDefault(name, "");
        return value.matches("-?\\d{1,18}") ? Long.parseLong(value) : -1;
    }
}
