package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.rate;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.PortBudget;
import java.util.List;

/**
 * EADDRNOTAVAIL: every 4-tuple to the target was taken.
 *
 * @param failures connects that found none
 * @param ports of the local range, for each source address
 * @param held connections that the profile opens at the same time
 * @param taken connections that the run made, warm-up included: more of the ports than so many it did not take
 * @param open whether the ports were in use by connections that were open, and not by TIME_WAITs
 */
public record LocalPortsExhausted(
        long failures, long ports, int sources, long held, long taken, double sustainablePerSecond, boolean open)
        implements RunWarning {

    static final LocalPortsExhausted EXAMPLE = new LocalPortsExhausted(1_204, 28_232, 1, 0, 28_500, 470.5, false);

    /** A few ports are always somebody's, such as a listener's. */
    private static final double NEARLY_ALL = 0.9;

    static List<RunWarning> in(Facts facts) {
        long ports = facts.limit(Side.CLIENT, "ephemeralPorts");
        long failures = facts.count(ConnectionOutcome.NO_LOCAL_PORT);
        if (failures == 0 || ports <= 0) {
            return List.of();
        }
        PortBudget budget = PortBudget.of(facts.profile(), ports, PortBudget.Reuse.NONE, null);
        int sources = Math.max(1, facts.profile().client().sources().size());
        long taken = facts.measured().total().established()
                + facts.measured().warmupTotal().established();
        return List.of(new LocalPortsExhausted(
                failures,
                ports,
                sources,
                budget.held(),
                taken,
                budget.sustainablePerSecond(),
                wereOpen(facts, ports * sources)));
    }

    /** Connections that were open at one time had nearly all of them, or no close of the plan leaves a TIME_WAIT here. */
    private static boolean wereOpen(Facts facts, long tuples) {
        KernelFigures.SideFigures client = facts.kernel(Side.CLIENT);
        long established = client == null ? 0 : client.peakStates().getOrDefault(TcpState.ESTABLISHED.name(), 0L);
        return established >= NEARLY_ALL * tuples
                || facts.profile().mix().stream()
                        .noneMatch(member -> member.close().leavesTimeWaitOnClient());
    }

    /** Others had most of the rest: earlier connections in TIME_WAIT, or other programs' to the same target. */
    private boolean byOthers() {
        return taken < NEARLY_ALL * ports * sources;
    }

    private boolean byOpenConnections() {
        return !byOthers() && (opensTooMany() || open);
    }

    private boolean opensTooMany() {
        return held > ports * sources;
    }

    @Override
    public String when() {
        return "connects found no local port (EADDRNOTAVAIL); with the arithmetic of ports × sources ÷ 60 s of TIME_WAIT";
    }

    @Override
    public String message() {
        String from = " × " + sources + (sources == 1 ? " source" : " sources");
        String all = count(ports) + " ports" + from;
        return count(failures) + " connects found no local port (EADDRNOTAVAIL): "
                + (byOpenConnections()
                        ? "all " + count(ports) + " ports" + (sources == 1 ? "" : from) + " are in use by our own open"
                                + " connections" + (opensTooMany() ? ", and the profile opens " + count(held) : "")
                        : byOthers()
                                ? "of " + all + " this run took no more than " + count(taken)
                                        + "; earlier connections to the target, or other programs', had the rest"
                                : all + " ÷ 60 s of TIME_WAIT sustain " + rate(sustainablePerSecond)
                                        + " connections/s");
    }

    @Override
    public String advice() {
        if (byOthers()) {
            return "find out whose they are (ss -tanp dst TARGET), wait 60 s for TIME_WAITs of earlier runs, or use other source"
                    + " addresses (client.sources)";
        }
        return byOpenConnections()
                ? "add source addresses (client.sources) or widen net.ipv4.ip_local_port_range"
                        + (opensTooMany() ? "" : ", lower the rate, or end connections sooner")
                : "add source addresses (client.sources), widen net.ipv4.ip_local_port_range, set net.ipv4.tcp_tw_reuse=1,"
                        + " or let the server close first";
    }
}
