package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.Metric;
import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * Our connect latency contains our own queue: it is far above the kernel's own round-trip time (TCP_INFO) and what the call takes.
 *
 * @param callMicros what a blocking connect(2) at the run's pace takes here beyond the handshake; 0 = not known, as where no local port
 *     is left, and connect took longer than that call does anywhere
 */
public record ConnectQueueing(double connectP50Micros, double kernelRttP50Micros, double callMicros)
        implements RunWarning {

    static final ConnectQueueing EXAMPLE = new ConnectQueueing(4_063, 9, 25);

    private static final double QUEUEING_MICROS = 100;

    /** The dearest measured: 130 µs on an idle core, 1,451 µs for the search of a full range of ports. */
    private static final double DEAREST_CALL_MICROS = 1_500;

    /** Of a few connections started at once the median is that of a burst. */
    private static final long LEAST_CONNECTS = 50;

    static List<RunWarning> in(Facts facts) {
        Double connect = facts.summary().latencies().of(Metric.CONNECT).p50Micros();
        Histogram rtts = facts.measured().rtts();
        // Once a SYN was sent again, the wait may be for that: the kernel's rtt leaves it out.
        if (facts.counter(Side.CLIENT, KernelCounter.SYN_RETRANSMITS) > 0
                || connect == null
                || facts.summary().latencies().of(Metric.CONNECT).count() < LEAST_CONNECTS
                || rtts.getTotalCount() == 0) {
            return List.of();
        }
        double rtt = rtts.getValueAtPercentile(50) / 1e3;
        if (!isQueueing(connect, rtt)) {
            return List.of();
        }
        OptionalDouble call = facts.connectOverhead().get();
        return isQueueing(connect, rtt + call.orElse(DEAREST_CALL_MICROS)) && !PortSearchCliff.explains(facts)
                ? List.of(new ConnectQueueing(connect, rtt, call.orElse(0)))
                : List.of();
    }

    private static boolean isQueueing(double connectMicros, double explainedMicros) {
        return connectMicros - explainedMicros > QUEUEING_MICROS && connectMicros > 2 * explainedMicros;
    }

    @Override
    public String when() {
        return "our connect latency is far above the kernel's own round-trip time and what a blocking connect(2) takes on this"
                + " machine at the run's pace, and no SYN was retransmitted";
    }

    @Override
    public String message() {
        return "connect p50 is " + micros(connectP50Micros) + " while the kernel's own handshake RTT is "
                + micros(kernelRttP50Micros)
                + (callMicros > 0 ? " and connect(2) itself takes " + micros(callMicros) + " more here" : "")
                + ": the rest is time spent waiting in the generator";
    }

    @Override
    public String advice() {
        return "lower the concurrency or add event loops; use the kernel's figure for the network's share";
    }
}
