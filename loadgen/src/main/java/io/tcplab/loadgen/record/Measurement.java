package io.tcplab.loadgen.record;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the generator itself measured in one run.
 *
 * @param startedAt when the recorded part began
 * @param recordedFromNanos the same moment as a {@link System#nanoTime} value
 * @param recordedNanos how long the recorded part lasted
 * @param seed of all random choices
 * @param counts recorded connections by member name, those that ended while the run drained among them
 * @param withinTime what of {@code counts} came before the recorded part was over: what rates are made of
 * @param warmupCounts connections of the warm-up by member name
 * @param latencies by member name, then metric
 * @param steps of protocols with named steps: by member name, then the step's
 * @param connectP50Micros median connect latency of each interval of the recorded part, in order
 * @param rtts the kernel's own round-trip times right after the handshake, nanoseconds
 * @param tcp what the kernel knew of a sample of connections that closed, by figure
 * @param causes distinct causes of ends that were not planned
 * @param targets by target, in the order of {@code Profile.askedTargets}; empty where there are not several
 * @param memberStatuses how often each HTTP status was received in the recorded part, by member name
 * @param tls what the handshakes of TLS came to in the recorded part; absent = the profile has no TLS
 * @param cpuNanos CPU time of this process during the recorded part
 * @param busiestLoop share of the recorded part that the busiest event loop's thread was on a CPU, 0 to 1
 * @param gcCount collections during the recorded part
 * @param gcMillis time they took
 * @param gcMaxMillis longest of them, as far as one-second readings tell
 * @param interrupted whether it was ended from outside
 */
public record Measurement(
        Instant startedAt,
        long recordedFromNanos,
        long recordedNanos,
        long seed,
        Map<String, LedgerReading> counts,
        LedgerReading withinTime,
        Map<String, LedgerReading> warmupCounts,
        Map<String, Map<Metric, Histogram>> latencies,
        Map<String, Map<String, Histogram>> steps,
        List<Double> connectP50Micros,
        Histogram rtts,
        Map<TcpFigure, Histogram> tcp,
        List<CauseTally.Counted> causes,
        List<TargetMeasurement> targets,
        Map<String, SortedMap<Integer, Long>> memberStatuses,
        TlsTally.@Nullable Reading tls,
        long cpuNanos,
        double busiestLoop,
        long gcCount,
        double gcMillis,
        double gcMaxMillis,
        boolean interrupted) {

    /** Returns the connect latencies of all members. */
    public Histogram connects() {
        Histogram sum = LatencyRecorder.newHistogram();
        for (Map<Metric, Histogram> member : latencies.values()) {
            Histogram connects = member.get(Metric.CONNECT);
            if (connects != null) {
                sum.add(connects);
            }
        }
        return sum;
    }

    /** Returns how often each HTTP status was received in the recorded part. */
    public SortedMap<Integer, Long> statuses() {
        SortedMap<Integer, Long> sums = StatusCounts.none();
        memberStatuses.values().forEach(each -> each.forEach((status, count) -> sums.merge(status, count, Long::sum)));
        return sums;
    }

    /** Returns the sum over all members. */
    public LedgerReading total() {
        return counts.values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
    }

    /** Returns the sum over all members of the warm-up. */
    public LedgerReading warmupTotal() {
        return warmupCounts.values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
    }
}
