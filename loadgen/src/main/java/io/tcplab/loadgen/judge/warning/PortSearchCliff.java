package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/** connect(2) gets slow before it fails, once one parity of the port range is taken (__inet_hash_connect, net/ipv4). */
public record PortSearchCliff(double connectMicrosBefore, double connectMicrosAfter, double portsUsed)
        implements RunWarning {

    static final PortSearchCliff EXAMPLE = new PortSearchCliff(17, 764, 0.83);

    private static final double RATIO = 3;
    private static final double PORTS_SHARE = 0.4;

    /** From here on each search tries every port of one parity, all of them taken, before it comes to the other. */
    private static final double ONE_PARITY = 0.5;

    /** What is slower than a handshake and the call by less may be another's doing. */
    private static final double SEARCH_MICROS = 100;

    static List<RunWarning> in(Facts facts) {
        SideFigures client = facts.kernel(Side.CLIENT);
        long ports = facts.limit(Side.CLIENT, "ephemeralPorts");
        List<Double> connects = facts.measured().connectP50Micros();
        if (client == null || connects.isEmpty() || ports <= 0) {
            return List.of();
        }
        int sources = Math.max(1, facts.profile().client().sources().size());
        double used = client.timeWait().peak() / (double) (ports * sources);
        double after = connects.getLast();
        double before = connects.getFirst();
        if (used > PORTS_SHARE && after > RATIO * before) {
            return List.of(new PortSearchCliff(before, after, Math.min(1, used)));
        }
        if (used <= ONE_PARITY) {
            return List.of();
        }
        before = withoutSearch(facts);
        return after > RATIO * before && after - before > SEARCH_MICROS
                ? List.of(new PortSearchCliff(before, after, Math.min(1, used)))
                : List.of();
    }

    /** A handshake and the call that makes it: a run whose warm-up has taken the ports has had no quicker connect of its own. */
    private static double withoutSearch(Facts facts) {
        Histogram rtts = facts.measured().rtts();
        OptionalDouble call = facts.connectOverhead().get();
        boolean isKnown = rtts.getTotalCount() > 0
                && call.isPresent()
                && facts.counter(Side.CLIENT, KernelCounter.SYN_RETRANSMITS) == 0;
        return isKnown ? rtts.getValueAtPercentile(50) / 1e3 + call.getAsDouble() : Double.MAX_VALUE;
    }

    /** Whether the time that connections waited in the generator was spent by the kernel, in connect(2). */
    static boolean explains(Facts facts) {
        return !in(facts).isEmpty();
    }

    @Override
    public String when() {
        return "connect got slow because most of the local ports were taken";
    }

    @Override
    public String message() {
        return "with " + percent(portsUsed)
                + " of the local ports taken the kernel's search for a free one slowed connect from "
                + micros(connectMicrosBefore) + " to " + micros(connectMicrosAfter);
    }

    @Override
    public String advice() {
        return "use less than half of the port range for one destination: add source addresses or widen net.ipv4.ip_local_port_range";
    }
}
