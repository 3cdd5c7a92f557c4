package io.tcplab.loadgen.view;

import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.view.Scene.Delay;
import io.tcplab.loadgen.view.Scene.Percentiles;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The latencies of a run so far, by metric. For one thread at a time. */
final class DelayTally {

    /** The order in which a reader asks for them. */
    private static final List<Metric> ORDER = List.of(
            Metric.CONNECT,
            Metric.TLS,
            Metric.RESPONSE,
            Metric.START_DELAY,
            Metric.TEARDOWN,
            Metric.SERVICE,
            Metric.TLS_RESUMED,
            Metric.LIFETIME,
            Metric.CLOSE_CALL);

    private static final class Kept {
        private final Histogram all = LatencyRecorder.newHistogram();
        private final Series p99 = new Series();
        private @Nullable Percentiles last;
        private @Nullable Percentiles ofAll;
    }

    private final Map<Metric, Kept> kept = new EnumMap<>(Metric.class);

    void add(IntervalReading reading) {
        for (Metric metric : ORDER) {
            Histogram second = IntervalReading.together(reading.latencies(), metric);
            Kept ours = kept.get(metric);
            if (second == null) {
                if (ours != null) {
                    ours.last = null;
                    ours.p99.add(Double.NaN);
                }
                continue;
            }
            if (ours == null) {
                ours = new Kept();
                kept.put(metric, ours);
            }
            ours.all.add(second);
            ours.ofAll = null;
            ours.last = percentiles(second);
            ours.p99.add(ours.last.p99());
        }
    }

    List<Delay> lines() {
        List<Delay> lines = new ArrayList<>();
        for (Metric metric : ORDER) {
            Kept ours = kept.get(metric);
            if (ours != null) {
                Percentiles all = ours.ofAll == null ? percentiles(ours.all) : ours.ofAll;
                ours.ofAll = all;
                lines.add(new Delay(metric.key(), ours.last, all, ours.p99.copy()));
            }
        }
        return lines;
    }

    private static Percentiles percentiles(Histogram nanos) {
        return new Percentiles(
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getValueAtPercentile(99.9) / 1e3,
                nanos.getMaxValue() / 1e3);
    }
}
