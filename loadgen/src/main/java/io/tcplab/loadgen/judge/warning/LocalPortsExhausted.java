package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.rate;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.watch.PortBudget;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;

/**
 * EADDRNOTAVAIL: every 4-tuple to the target was taken.
 *
 * @param failures connects that found none
 * @param ports of the local range, for each source address
 * @param held connections that the profile opens at the same time
 * @param taken ports that the run took at the most: as many as it made connections, warm-up included, or had at a time where they come back
 * @param sustainablePerSecond connections that the ports sustain without end
 * @param takenSeconds for how long a TIME_WAIT keeps its port, by the client's tcp_tw_reuse
 * @param reuseNeedsTimestamps whether that is 60 s only because a side has turned TCP timestamps off
 * @param open whether the ports were in use by connections that were open, and not by TIME_WAITs
 * @param others whether others had most of the rest: earlier connections in TIME_WAIT, or other programs' to the same target
 */
public record LocalPortsExhausted(
        long failures,
        long ports,
        int sources,
        long held,
        long taken,
        double sustainablePerSecond,
        double takenSeconds,
        boolean reuseNeedsTimestamps,
        boolean open,
        boolean others)
        implements RunWarning {

    static final LocalPortsExhausted EXAMPLE =
            new LocalPortsExhausted(1_204, 28_232, 1, 0, 28_500, 470.5, 60, false, false, false);

    /** A few ports are always somebody's, such as a listener's. */
    private static final double NEARLY_ALL = 0.9;

    private static final double HALF = 0.5;

    /** Where a port is given away at once (tcp_tw_reuse_delay=0), a handshake still takes its time. */
    private static final double LEAST_SECONDS = 0.001;

    static List<RunWarning> in(Facts facts) {
        long ports = facts.limit(Side.CLIENT, "ephemeralPorts");
        long failures = facts.count(ConnectionOutcome.NO_LOCAL_PORT);
        if (failures == 0 || ports <= 0) {
            return List.of();
        }
        PortBudget budget = PortBudget.of(facts.profile(), ports, PortBudget.Reuse.NONE, null);
        PortBudget.Reuse reuse = facts.reuse();
        boolean loopback = facts.targetIsOnLoopback();
        double takenSeconds = reuse.takenSeconds(loopback);
        int sources = Math.max(1, facts.profile().client().sources().size());
        long taken = taken(facts, takenSeconds);
        double nearlyAll = comesBack(facts, takenSeconds) ? HALF : NEARLY_ALL;
        return List.of(new LocalPortsExhausted(
                failures,
                ports,
                sources,
                budget.held(),
                taken,
                ports * sources / Math.max(LEAST_SECONDS, takenSeconds),
                takenSeconds,
                !reuse.gives(loopback) && reuse.mayGive(loopback),
                wereOpen(facts, ports * sources),
                taken < nearlyAll * ports * sources));
    }

    /** Connections that were open had nearly all of them, or half of them on average, or no close of the plan leaves a TIME_WAIT here. */
    private static boolean wereOpen(Facts facts, long tuples) {
        return openPeak(facts) >= NEARLY_ALL * tuples
                || openOnAverage(facts) >= HALF * tuples
                || facts.profile().mix().stream()
                        .noneMatch(member -> member.close().leavesTimeWait(Side.CLIENT));
    }

    /**
     * Where a port comes back before the run is over it takes some more than once: then those count that it had at a time on average, open
     * or in TIME_WAIT.
     */
    private static long taken(Facts facts, double takenSeconds) {
        long all = facts.measured().total().established()
                + facts.measured().warmupTotal().established();
        double seconds = facts.measured().recordedNanos() / 1e9;
        double perSecond = facts.measured().total().established() / seconds;
        return comesBack(facts, takenSeconds)
                ? Math.min(all, openPeak(facts) + Math.round(perSecond * takenSeconds))
                : all;
    }

    private static boolean comesBack(Facts facts, double takenSeconds) {
        return takenSeconds < facts.measured().recordedNanos() / 1e9;
    }

    /** What was there before the run is another program's. */
    private static long openPeak(Facts facts) {
        SideFigures client = facts.kernel(Side.CLIENT);
        String established = TcpState.ESTABLISHED.name();
        long seen = client == null
                ? 0
                : client.peakStates().getOrDefault(established, 0L)
                        - client.statesBefore().getOrDefault(established, 0L);
        return Math.max(seen, openOnAverage(facts));
    }

    /** By rate and lifetime (Little's law): on a busy machine all states are counted seldom. */
    private static long openOnAverage(Facts facts) {
        long established = facts.measured().total().established();
        Double meanMicros = facts.summary().latencies().of(Metric.LIFETIME).meanMicros();
        double perSecond = established / (facts.measured().recordedNanos() / 1e9);
        return meanMicros == null ? 0 : Math.min(established, Math.round(perSecond * meanMicros / 1e6));
    }

    private boolean byOpenConnections() {
        return !others && (opensTooMany() || open);
    }

    private boolean isReused() {
        return takenSeconds < PortBudget.TIME_WAIT_SECONDS;
    }

    private boolean opensTooMany() {
        return held > ports * sources;
    }

    @Override
    public String when() {
        return "connects found no local port (EADDRNOTAVAIL); with the arithmetic of ports × sources ÷ 60 s of TIME_WAIT, or"
                + " ÷ what tcp_tw_reuse makes of these";
    }

    @Override
    public String message() {
        String from = " × " + sources + (sources == 1 ? " source" : " sources");
        String all = count(ports) + " ports" + from;
        return count(failures) + " connects found no local port (EADDRNOTAVAIL): "
                + (byOpenConnections()
                        ? "all " + count(ports) + " ports" + (sources == 1 ? "" : from) + " are in use by our own open"
                                + " connections" + (opensTooMany() ? ", and the profile opens " + count(held) : "")
                        : others
                                ? "of " + all + " this run took no more than " + count(taken)
                                        + "; earlier connections to the target, or other programs', had the rest"
                                : all + " ÷ " + seconds(takenSeconds)
                                        + (isReused()
                                                ? " until net.ipv4.tcp_tw_reuse gives a port away"
                                                : " of TIME_WAIT")
                                        + " sustain " + rate(sustainablePerSecond) + " connections/s");
    }

    @Override
    public String advice() {
        if (others) {
            return "find out whose they are (ss -tanp dst TARGET), wait 60 s for TIME_WAITs of earlier runs, or use other source"
                    + " addresses (client.sources)";
        }
        return byOpenConnections()
                ? "add source addresses (client.sources) or widen net.ipv4.ip_local_port_range"
                        + (opensTooMany() ? "" : ", lower the rate, or end connections sooner")
                : "add source addresses (client.sources), widen net.ipv4.ip_local_port_range, "
                        + (isReused()
                                ? "lower the rate,"
                                : reuseNeedsTimestamps
                                        ? "set net.ipv4.tcp_timestamps=1 on both sides, which tcp_tw_reuse needs,"
                                        : "set net.ipv4.tcp_tw_reuse=1,")
                        + " or let the server close first";
    }
}
