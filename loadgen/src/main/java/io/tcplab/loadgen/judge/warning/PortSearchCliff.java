package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.List;

/** connect(2) gets slow before it fails, once one parity of the port range is taken (__inet_hash_connect, net/ipv4). */
public record PortSearchCliff(double connectMicrosBefore, double connectMicrosAfter, double portsUsed)
        implements RunWarning {

    static final PortSearchCliff EXAMPLE = new PortSearchCliff(17, 764, 0.83);

    private static final double RATIO = 3;
    private static final double PORTS_SHARE = 0.4;

    static List<RunWarning> in(Facts facts) {
        KernelFigures.SideFigures client = facts.kernel(Side.CLIENT);
        long ports = facts.limit(Side.CLIENT, "ephemeralPorts");
        List<Double> connects = facts.measured().connectP50Micros();
        if (client == null || connects.size() < 2 || ports <= 0) {
            return List.of();
        }
        int sources = Math.max(1, facts.profile().client().sources().size());
        double used = client.timeWait().peak() / (double) (ports * sources);
        double before = connects.getFirst();
        double after = connects.getLast();
        return used > PORTS_SHARE && after > RATIO * before
                ? List.of(new PortSearchCliff(before, after, Math.min(1, used)))
                : List.of();
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
