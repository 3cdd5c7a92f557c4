package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.HlogReader;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The latencies of a log second by second, all members together; the log's lines must be by time. Holds one second. */
final class LatenciesBySecond implements Closeable {

    private final HlogReader lines;
    private final long firstMillis;
    private final Map<Metric, Histogram> sums = new EnumMap<>(Metric.class);
    private boolean more;

    /** Second 0 begins at {@code firstMillis} since the epoch. */
    LatenciesBySecond(Path log, long firstMillis) throws IOException {
        this.lines = new HlogReader(log);
        this.firstMillis = firstMillis;
        this.more = lines.next();
    }

    /** The percentiles of the intervals that began in this second; to be asked with rising seconds. */
    Map<Metric, TimelineRow.Percentiles> of(long second) throws IOException {
        sums.values().forEach(Histogram::reset);
        while (more && secondOfLine() <= second) {
            Metric metric = metric(lines.tag());
            if (metric != null && secondOfLine() == second) {
                lines.addTo(sums.computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram()));
            }
            more = lines.next();
        }
        Map<Metric, TimelineRow.Percentiles> percentiles = new EnumMap<>(Metric.class);
        sums.forEach((metric, nanos) -> {
            if (nanos.getTotalCount() > 0) {
                percentiles.put(metric, TimelineRow.Percentiles.of(nanos));
            }
        });
        return percentiles;
    }

    private long secondOfLine() {
        return Math.floorDiv(lines.beginMillis() - firstMillis, 1000L);
    }

    private static @Nullable Metric metric(String tag) {
        for (Metric metric : Metric.values()) {
            if (tag.endsWith("." + metric.key())) {
                return metric;
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
