package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.loadgen.plan.Figure;
import io.tcplab.loadgen.plan.Threshold;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import java.util.ArrayList;
import java.util.List;

/** A percentile rests on fewer than ten samples above it. */
public record TooFewSamples(String metric, String percentile, long samples, long needed) implements RunWarning {

    static final TooFewSamples EXAMPLE = new TooFewSamples("connect", "p99.9", 2_000, 10_000);

    /** Only a percentile that somebody rests a threshold on is worth a warning; the table marks the others. */
    static List<RunWarning> in(Facts facts) {
        return of(facts.summary().latencies(), facts.profile().thresholds());
    }

    /** As {@link #in}, of the latencies of any result. */
    public static List<RunWarning> of(Latencies latencies, List<Threshold> thresholds) {
        List<RunWarning> found = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            LatencyStats stats = latencies.of(metric);
            for (Statistic statistic : Statistic.values()) {
                Figure figure = new Figure.Latency(null, metric, statistic);
                boolean used = thresholds.stream()
                        .anyMatch(threshold -> threshold.figure().equals(figure));
                if (used && stats.isWeak(statistic)) {
                    found.add(
                            new TooFewSamples(metric.key(), statistic.key(), stats.count(), statistic.samplesNeeded()));
                }
            }
        }
        return found;
    }

    @Override
    public String when() {
        return "a percentile that a threshold is set on rests on fewer than ten samples above it";
    }

    @Override
    public String message() {
        return metric + " " + percentile + " rests on " + count(samples) + " samples; it needs " + count(needed);
    }

    @Override
    public String advice() {
        return "run longer, or use a lower percentile";
    }
}
