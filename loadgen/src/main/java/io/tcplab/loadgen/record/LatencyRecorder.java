package io.tcplab.loadgen.record;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one event loop, by member of the mix and metric. Written by the loop's thread alone; harvested by one other.
 *
 * <p>Values are nanoseconds from 1 to {@link #LIMIT_NANOS}, kept to three significant digits; longer ones count as the limit.
 */
public final class LatencyRecorder {

    /** One hour. */
    public static final long LIMIT_NANOS = 3_600_000_000_000L;

    private static final int DIGITS = 3;
    private static final Metric[] METRICS = Metric.values();

    /** Filled by the loop's thread; volatile stores are not needed: a harvest that misses a new recorder finds it next time. */
    private final @Nullable SingleWriterRecorder[] recorders;

    private final @Nullable Histogram[] recycled;

    /** Made ready for whatever this one is used for. */
    private final @Nullable LatencyRecorder successor;

    public LatencyRecorder(int members) {
        this(members, null);
    }

    private LatencyRecorder(int members, @Nullable LatencyRecorder successor) {
        this.successor = successor;
        recorders = new SingleWriterRecorder[members * METRICS.length];
        recycled = new Histogram[members * METRICS.length];
    }

    /** Returns a recorder for the warm-up before {@code recorded}, which is made ready for the same members and metrics. */
    public static LatencyRecorder warmupOf(LatencyRecorder recorded) {
        return new LatencyRecorder(recorded.recorders.length / METRICS.length, recorded);
    }

    /** Returns a new histogram of the same range and precision. */
    public static Histogram newHistogram() {
        return new Histogram(1, LIMIT_NANOS, DIGITS);
    }

    /** Records one value. */
    public void record(int member, Metric metric, long nanos) {
        int place = member * METRICS.length + metric.ordinal();
        SingleWriterRecorder recorder = recorders[place];
        if (recorder == null) {
            recorder = prepare(place);
        }
        recorder.recordValue(Math.clamp(nanos, 0, LIMIT_NANOS));
    }

    private SingleWriterRecorder prepare(int place) {
        SingleWriterRecorder recorder = new SingleWriterRecorder(1, LIMIT_NANOS, DIGITS);
        recorders[place] = recorder;
        if (successor != null) {
            successor.prepare(place);
        }
        return recorder;
    }

    /**
     * Returns what was recorded since the last harvest; {@code null} when nothing was ever. The histogram is lent until the next
     * harvest of the same member and metric.
     */
    public @Nullable Histogram harvest(int member, Metric metric) {
        int place = member * METRICS.length + metric.ordinal();
        SingleWriterRecorder recorder = recorders[place];
        if (recorder == null) {
            return null;
        }
        Histogram interval = recorder.getIntervalHistogram(recycled[place]);
        recycled[place] = interval;
        return interval;
    }
}
