package io.tcplab.loadgen.report.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies in the buckets of a Prometheus histogram: from 1 µs, each √2 times as wide as the one before, so that a percentile is known to
 * less than half of itself over eight decades. HdrHistogram's own buckets are finer: each falls into one of these.
 */
final class LatencyBuckets {

    private static final int COUNT = 55;
    private static final double FIRST_SECONDS = 1e-6;

    /** Upper bounds in seconds; the last is +Inf. */
    private static final double[] BOUNDS = bounds();

    private final long[] counts = new long[BOUNDS.length];
    private double sumSeconds;

    private static double[] bounds() {
        double[] bounds = new double[COUNT + 1];
        for (int i = 0; i < COUNT; i++) {
            bounds[i] = FIRST_SECONDS * Math.pow(2, i / 2.0);
        }
        bounds[COUNT] = Double.POSITIVE_INFINITY;
        return bounds;
    }

    /** The number of the bucket that holds so many seconds. */
    static int bucketOf(double seconds) {
        int found = Arrays.binarySearch(BOUNDS, seconds);
        return found >= 0 ? found : -found - 1;
    }

    /** The upper bound of a bucket, in seconds. */
    static double bound(int bucket) {
        return BOUNDS[bucket];
    }

    void add(Histogram nanos) {
        for (HistogramIterationValue value : nanos.recordedValues()) {
            double seconds = value.getValueIteratedTo() / 1e9;
            counts[bucketOf(seconds)] += value.getCountAtValueIteratedTo();
            sumSeconds += seconds * value.getCountAtValueIteratedTo();
        }
    }

    ClassicHistogramBuckets snapshot() {
        return ClassicHistogramBuckets.of(BOUNDS, counts.clone());
    }

    double sumSeconds() {
        return sumSeconds;
    }
}
