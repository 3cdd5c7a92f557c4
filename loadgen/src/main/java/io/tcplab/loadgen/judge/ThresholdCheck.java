package io.tcplab.loadgen.judge;

import io.tcplab.loadgen.plan.Threshold;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Holds a result against the profile's limits. */
public final class ThresholdCheck {

    private ThresholdCheck() {}

    /**
     * The verdict on each threshold, in order. A figure that is unknown, was not observed or has no samples fails its threshold, and the
     * verdict has no {@code actual}.
     */
    public static List<Summary.ThresholdResult> evaluate(Summary summary, List<Threshold> thresholds) {
        return thresholds.stream()
                .map(threshold -> evaluate(summary, threshold))
                .toList();
    }

    private static Summary.ThresholdResult evaluate(Summary summary, Threshold threshold) {
        Double actual = Figure.find(summary, threshold.figure());
        boolean passed = actual != null && threshold.comparison().holds(actual, threshold.limit());
        return new Summary.ThresholdResult(threshold.expression(), actual, passed);
    }

    /**
     * Whether some result of a profile with these members can have this figure; a kernel's counter that is not described by its short
     * name is known by its full one, such as {@code server.TcpExt.ListenOverflows}.
     */
    public static boolean isKnownFigure(String figure, Collection<String> mixNames) {
        return Figure.find(specimen(mixNames), figure) != null;
    }

    /** A summary in which every figure has a value. */
    private static Summary specimen(Collection<String> mixNames) {
        Histogram one = new Histogram(3);
        one.recordValue(1);
        Map<Metric, LatencyStats> byMetric = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            byMetric.put(metric, LatencyStats.of(one));
        }
        Latencies latencies = new Latencies(byMetric);
        KernelFigures.SideFigures side = new KernelFigures.SideFigures(
                Map.of(),
                Map.of(),
                Map.of(),
                new KernelFigures.AcceptQueue(1, 0, 0),
                new KernelFigures.TimeWait(0, 0L),
                null);
        return new Summary(
                Summary.SCHEMA_VERSION,
                "specimen",
                Instant.EPOCH,
                1,
                0,
                true,
                List.of(),
                List.of(),
                new Summary.Rates(1.0, 1, 1, 1),
                Outcomes.NONE,
                List.of(),
                mixNames.stream()
                        .map(name -> new Summary.Mix(name, Outcomes.NONE, latencies))
                        .toList(),
                latencies,
                null,
                new KernelFigures(side, side),
                List.of(),
                new Summary.Generator(0, 0.0, 0, Summary.GcPauses.NONE),
                null,
                Summary.Warmup.NONE,
                null,
                null,
                false);
    }
}
