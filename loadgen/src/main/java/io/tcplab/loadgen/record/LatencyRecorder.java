package io.tcplab.loadgen.record;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one event loop in one stretch of time, by member of the mix and metric, and the kernel's round-trip times beside
 * them. For one thread at a time: the loop fills it, and whoever takes it from the loop gives another one in its place.
 *
 * <p>Values are nanoseconds from 1 to {@link #LIMIT_NANOS}, kept to three significant digits; longer ones count as the limit.
 */
public final class LatencyRecorder {

    /** One hour. */
    public static final long LIMIT_NANOS = 3_600_000_000_000L;

    /** As far as a histogram reaches at first: few latencies on a near target are longer, and it grows with those that are. */
    private static final long USUAL_NANOS = 1 << 24;

    private static final int DIGITS = 3;
    private static final Metric[] METRICS = Metric.values();

    private final @Nullable Histogram[] histograms;
    private final Histogram rtts = newHistogram();

    public LatencyRecorder(int members) {
        histograms = new Histogram[members * METRICS.length];
    }

    /** Returns a new histogram of this range and precision. */
    public static Histogram newHistogram() {
        Histogram histogram = new Histogram(1, USUAL_NANOS, DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Records one value. */
    public void record(int member, Metric metric, long nanos) {
        int place = member * METRICS.length + metric.ordinal();
        Histogram histogram = histograms[place];
        if (histogram == null) {
            histogram = newHistogram();
            histograms[place] = histogram;
        }
        histogram.recordValue(Math.clamp(nanos, 0, LIMIT_NANOS));
    }

    /** Records a round-trip time of the kernel's. */
    public void recordRtt(long nanos) {
        rtts.recordValue(nanos);
    }

    /**
     * Makes it ready for what {@code used} was used for: the first value of a kind need not wait for memory. Here alone
     * {@code used} may be another thread's.
     */
    public void prepareFor(LatencyRecorder used) {
        for (int place = 0; place < histograms.length; place++) {
            if (histograms[place] == null && used.histograms[place] != null) {
                histograms[place] = newHistogram();
            }
        }
    }

    /** Returns what was recorded; {@code null} when nothing was. */
    public @Nullable Histogram of(int member, Metric metric) {
        Histogram histogram = histograms[member * METRICS.length + metric.ordinal()];
        return histogram == null || histogram.getTotalCount() == 0 ? null : histogram;
    }

    /** Returns the kernel's round-trip times. */
    public Histogram rtts() {
        return rtts;
    }

    /** Empties it. */
    public void reset() {
        for (Histogram histogram : histograms) {
            if (histogram != null) {
                histogram.reset();
            }
        }
        rtts.reset();
    }
}
