package io.tcplab.loadgen.record;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one event loop in one stretch of time, by member of the mix and metric or step, and the kernel's round-trip times beside
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

    /** By member; of each the metrics, then the steps. */
    private final @Nullable Histogram[] histograms;

    private final int each;
    private final Histogram rtts = newHistogram();

    /** By {@link TcpFigure}. */
    private final @Nullable Histogram[] tcp = new Histogram[TcpFigure.values().length];

    /** For a mix of this many members whose protocols have this many named steps. */
    public LatencyRecorder(int members, int steps) {
        each = METRICS.length + steps;
        histograms = new Histogram[members * each];
    }

    /** Returns a new histogram of this range and precision. */
    public static Histogram newHistogram() {
        Histogram histogram = new Histogram(1, USUAL_NANOS, DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Records one value. */
    public void record(int member, Metric metric, long nanos) {
        record(member * each + metric.ordinal(), nanos);
    }

    /** Records one value of a step, by its number. */
    public void recordStep(int member, int step, long nanos) {
        record(member * each + METRICS.length + step, nanos);
    }

    private void record(int place, long nanos) {
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

    /** Records what the kernel knew of a connection that closes. */
    public void recordTcp(TcpFigure figure, long value) {
        Histogram histogram = tcp[figure.ordinal()];
        if (histogram == null) {
            histogram = newHistogram();
            tcp[figure.ordinal()] = histogram;
        }
        histogram.recordValue(Math.clamp(value, 0, LIMIT_NANOS));
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
        for (int place = 0; place < tcp.length; place++) {
            if (tcp[place] == null && used.tcp[place] != null) {
                tcp[place] = newHistogram();
            }
        }
    }

    /** Returns what was recorded; {@code null} when nothing was. */
    public @Nullable Histogram of(int member, Metric metric) {
        return recorded(member * each + metric.ordinal());
    }

    /** Returns what was recorded of a step; {@code null} when nothing was. */
    public @Nullable Histogram ofStep(int member, int step) {
        return recorded(member * each + METRICS.length + step);
    }

    private @Nullable Histogram recorded(int place) {
        Histogram histogram = histograms[place];
        return histogram == null || histogram.getTotalCount() == 0 ? null : histogram;
    }

    /** Returns the kernel's round-trip times. */
    public Histogram rtts() {
        return rtts;
    }

    /** Returns what was recorded of connections that closed; {@code null} when nothing was. */
    public @Nullable Histogram ofTcp(TcpFigure figure) {
        return tcp[figure.ordinal()];
    }

    /** Empties it. */
    public void reset() {
        reset(histograms);
        reset(tcp);
        rtts.reset();
    }

    private static void reset(@Nullable Histogram[] all) {
        for (Histogram histogram : all) {
            if (histogram != null) {
                histogram.reset();
            }
        }
    }
}
