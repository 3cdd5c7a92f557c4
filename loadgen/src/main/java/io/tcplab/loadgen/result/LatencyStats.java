package io.tcplab.loadgen.result;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/**
 * One metric's distribution in figures, microseconds with three decimals (that is: nanoseconds).
 *
 * <p>Every figure is absent when there is no sample. A percentile with fewer than ten samples above it is still given, and named in
 * {@code lowConfidence}: p50 wants 20 samples, p90 100, p99 1,000, p999 10,000.
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

    private static final int SAMPLES_ABOVE = 10;

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

    /** How many samples a percentile wants before it means something: {@code p50}, {@code p90}, {@code p99}, {@code p999}. */
    public static long samplesNeeded(String percentile) {
        return switch (percentile) {
            case "p50" -> 2L * SAMPLES_ABOVE;
            case "p90" -> 10L * SAMPLES_ABOVE;
            case "p99" -> 100L * SAMPLES_ABOVE;
            default -> 1000L * SAMPLES_ABOVE;
        };
    }

    private static List<String> weakPercentiles(long count) {
        List<String> weak = new ArrayList<>();
        addIfWeak(weak, "p50Micros", count, 2);
        addIfWeak(weak, "p90Micros", count, 10);
        addIfWeak(weak, "p99Micros", count, 100);
        addIfWeak(weak, "p999Micros", count, 1000);
        return weak;
    }

    /** One in {@code oneIn} samples lies above the percentile. */
    private static void addIfWeak(List<String> weak, String key, long count, long oneIn) {
        if (count < SAMPLES_ABOVE * oneIn) {
            weak.add(key);
        }
    }

    private static double micros(double nanos) {
        return Math.round(nanos) / 1000.0;
    }
}
