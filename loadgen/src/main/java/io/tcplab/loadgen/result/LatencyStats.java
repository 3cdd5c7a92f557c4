package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.Statistic;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/**
 * One metric's distribution in figures, microseconds with three decimals (that is: nanoseconds).
 *
 * <p>Every figure is absent when there is no sample. A percentile with fewer than ten samples above it is still given, and named in
 * {@code lowConfidence}: p50 needs 20 samples, p90 100, p99 1,000, p999 10,000.
 *
 * @param count samples
 * @param lowConfidence keys of the percentiles that rest on too few samples
 */
public record LatencyStats(
        long count,
        @Nullable Double minMicros,
        @Nullable Double p50Micros,
        @Nullable Double p90Micros,
        @Nullable Double p99Micros,
        @Nullable Double p999Micros,
        @Nullable Double maxMicros,
        @Nullable Double meanMicros,
        List<String> lowConfidence) {

    /** No samples, no figures. */
    public static final LatencyStats EMPTY = new LatencyStats(0, null, null, null, null, null, null, null, List.of());

    public LatencyStats {
        lowConfidence = List.copyOf(lowConfidence);
    }

    /** The figures of a histogram of nanoseconds; the histogram must not be written to meanwhile. */
    public static LatencyStats of(AbstractHistogram nanos) {
        long count = nanos.getTotalCount();
        if (count == 0) {
            return EMPTY;
        }
        return new LatencyStats(
                count,
                micros((double) nanos.getMinValue()),
                micros((double) nanos.getValueAtPercentile(50)),
                micros((double) nanos.getValueAtPercentile(90)),
                micros((double) nanos.getValueAtPercentile(99)),
                micros((double) nanos.getValueAtPercentile(99.9)),
                micros((double) nanos.getMaxValue()),
                micros(nanos.getMean()),
                weakPercentiles(count));
    }

    /** The time of this statistic; null where there is no sample, and for the number of samples. */
    public @Nullable Double micros(Statistic statistic) {
        return switch (statistic) {
            case MIN -> minMicros;
            case P50 -> p50Micros;
            case P90 -> p90Micros;
            case P99 -> p99Micros;
            case P999 -> p999Micros;
            case MAX -> maxMicros;
            case MEAN -> meanMicros;
            case COUNT -> null;
        };
    }

    /** Whether the statistic is a percentile that rests on too few samples. */
    public boolean isWeak(Statistic statistic) {
        return lowConfidence.contains(statistic.microsKey());
    }

    private static List<String> weakPercentiles(long count) {
        return Arrays.stream(Statistic.values())
                .filter(each -> count < each.samplesNeeded())
                .map(Statistic::microsKey)
                .toList();
    }

    private static double micros(double nanos) {
        return Math.round(nanos) / 1000.0;
    }
}
