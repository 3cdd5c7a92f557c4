package io.tcplab.loadgen.report.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies in the buckets of a Prometheus histogram. Of a classic one: from 1 µs, each √2 times as wide as the one before, so that a
 * percentile is known to less than half of itself over eight decades. Of a native one, which has buckets only where there are values: each
 * 2^(1/16), 4.4%, wider than the one before. HdrHistogram's own buckets are finer: each falls into one of these.
 */
final class LatencyBuckets {

    private static final int COUNT = 55;
    private static final double FIRST_SECONDS = 1e-6;
    private static final double LEAST_SECONDS = 1e-9;
    private static final double LOG_2 = Math.log(2);

    /** Upper bounds in seconds; the last is +Inf. */
    private static final double[] BOUNDS = bounds();

    /** The schema of native histograms: a power of two has 2^4 buckets (Prometheus, native histograms). */
    static final int NATIVE_SCHEMA = 4;

    private static final int BUCKETS_OF_TWO = 1 << NATIVE_SCHEMA;

    private final long[] counts = new long[BOUNDS.length];
    private final SortedMap<Integer, Long> natives = new TreeMap<>();
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

    void add(Histogram nanos) {
        for (HistogramIterationValue value : nanos.recordedValues()) {
            double seconds = value.getValueIteratedTo() / 1e9;
            counts[bucketOf(seconds)] += value.getCountAtValueIteratedTo();
            natives.merge(nativeBucketOf(seconds), value.getCountAtValueIteratedTo(), Long::sum);
            sumSeconds += seconds * value.getCountAtValueIteratedTo();
        }
    }

    ClassicHistogramBuckets snapshot() {
        return ClassicHistogramBuckets.of(BOUNDS, counts.clone());
    }

    /** The number of the native bucket, whose upper bound is 2^(number/16) seconds; a latency is at least a nanosecond. */
    private static int nativeBucketOf(double seconds) {
        return (int) Math.ceil(Math.log(Math.max(seconds, LEAST_SECONDS)) / LOG_2 * BUCKETS_OF_TWO);
    }

    NativeHistogramBuckets nativeSnapshot() {
        NativeHistogramBuckets.Builder all = NativeHistogramBuckets.builder();
        natives.forEach(all::bucket);
        return all.build();
    }

    double sumSeconds() {
        return sumSeconds;
    }
}
