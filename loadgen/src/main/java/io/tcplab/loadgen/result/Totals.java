package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.TcpFigure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * {@code totals.hlog}: the histograms of a whole recorded part that stand in no interval of {@code latencies.hlog}, so that several
 * results can be merged without loss: TCP_INFO at the close, tag {@code tcpInfo.<figure>}, and latencies by target, {@code
 * target.<asked>.<metric>}.
 *
 * @param byTag in the order in which they are written
 */
public record Totals(Map<String, Histogram> byTag) {

    private static final String COMMENT =
            "Of the whole recorded part: times in nanoseconds, counts as they are; the column of maxima in millionths";

    /** Those of a run; {@code targets} are its several targets, none where it has one. */
    public static Totals of(Measurement measured, List<TargetFigures> targets) {
        Map<String, Histogram> byTag = new LinkedHashMap<>();
        measured.tcp().forEach((figure, counts) -> byTag.put(tag(figure), counts));
        for (int number = 0; number < targets.size(); number++) {
            String asked = targets.get(number).asked();
            measured.targets().get(number).latencies().forEach((metric, nanos) -> byTag.put(tag(asked, metric), nanos));
        }
        return new Totals(byTag);
    }

    /** Those of several runs together; null where a run has figures of which it has kept no histograms. */
    public static @Nullable Totals together(List<FinishedRun> runs) throws IOException {
        Totals sum = new Totals(new LinkedHashMap<>());
        for (FinishedRun run : runs) {
            Path file = run.directory().resolve(ResultsDirectory.TOTALS);
            if (Files.isRegularFile(file)) {
                sum.add(LatencyLog.read(file));
            } else if (run.summary().tcpInfo() != null
                    || !run.summary().targets().isEmpty()) {
                return null;
            }
        }
        return sum;
    }

    private void add(LatencyLog log) {
        log.byTag()
                .forEach((tag, values) -> byTag.computeIfAbsent(tag, _ -> LatencyRecorder.newHistogram())
                        .add(values));
    }

    /** Writes the file; none where there is nothing to write. The times are milliseconds since the epoch. */
    public void write(ResultsDirectory into, long beginMillis, long endMillis) throws IOException {
        if (byTag.values().stream().allMatch(each -> each.getTotalCount() == 0)) {
            return;
        }
        try (StreamedFile file = into.stream(ResultsDirectory.TOTALS)) {
            HlogWriter log = new HlogWriter(file.stream(), beginMillis, COMMENT);
            byTag.forEach((tag, values) -> log.append(tag, values, beginMillis, endMillis));
        }
    }

    /** What the kernels knew of connections that closed. */
    Map<TcpFigure, Histogram> tcp() {
        Map<TcpFigure, Histogram> found = new EnumMap<>(TcpFigure.class);
        for (TcpFigure figure : TcpFigure.values()) {
            Histogram counts = byTag.get(tag(figure));
            if (counts != null) {
                found.put(figure, counts);
            }
        }
        return found;
    }

    /** The latencies of the connections to one of several targets. */
    Latencies ofTarget(String asked) {
        Map<Metric, LatencyStats> stats = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            Histogram nanos = byTag.get(tag(asked, metric));
            if (nanos != null) {
                stats.put(metric, LatencyStats.of(nanos));
            }
        }
        return new Latencies(stats);
    }

    private static String tag(TcpFigure figure) {
        return "tcpInfo." + figure.key();
    }

    private static String tag(String asked, Metric metric) {
        return "target." + asked + "." + metric.key();
    }
}
