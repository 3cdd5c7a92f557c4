package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * A {@code latencies.hlog} read back: one histogram of nanoseconds for each tag, the sum of its intervals.
 *
 * @param byTag in the order in which the tags first appear
 */
public record LatencyLog(Map<String, Histogram> byTag) {

    /** One line of a log. */
    public record Line(double beginSeconds, double endSeconds, Histogram nanos) {}

    public static LatencyLog read(Path file) throws IOException {
        LatencyLog log = new LatencyLog(new LinkedHashMap<>());
        for (Line line : lines(file)) {
            String tag = line.nanos.getTag();
            log.byTag
                    .computeIfAbsent(tag == null ? "" : tag, _ -> LatencyRecorder.newHistogram())
                    .add(line.nanos);
        }
        return log;
    }

    /** All lines of several logs, by the time at which their intervals began, written as one log. */
    public static void concatenate(List<Path> files, StreamedFile into) throws IOException {
        List<Line> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(lines(file));
        }
        all.sort(Comparator.comparingDouble(Line::beginSeconds));
        long startMillis = all.isEmpty() ? 0 : millis(all.getFirst().beginSeconds);
        HlogWriter writer = new HlogWriter(into.stream(), startMillis);
        for (Line line : all) {
            String tag = line.nanos.getTag();
            writer.append(tag == null ? "" : tag, line.nanos, millis(line.beginSeconds), millis(line.endSeconds));
        }
        into.stream().flush();
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1000);
    }

    public static List<Line> lines(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(file))) {
            while (reader.hasNext()) {
                EncodableHistogram histogram = reader.nextIntervalHistogram();
                if (histogram instanceof Histogram nanos) {
                    lines.add(new Line(nanos.getStartTimeStamp() / 1000.0, nanos.getEndTimeStamp() / 1000.0, nanos));
                }
            }
        } catch (RuntimeException e) { // what the library throws for a damaged line: parse, decode and format errors
            throw new IOException(file + " is not an HdrHistogram log: " + e.getMessage(), e);
        }
        return lines;
    }

    /** The histograms of one member of the mix. */
    public Map<Metric, Histogram> ofMix(String mix) {
        Map<Metric, Histogram> found = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            Histogram nanos = byTag.get(HlogWriter.tag(mix, metric));
            if (nanos != null) {
                found.put(metric, nanos);
            }
        }
        return found;
    }

    /** The figures of one member of the mix. */
    public Latencies latenciesOf(String mix) {
        return stats(ofMix(mix));
    }

    /** The figures of all members together. */
    public Latencies latenciesOf(List<String> mixes) {
        Map<Metric, Histogram> all = new EnumMap<>(Metric.class);
        for (String mix : mixes) {
            ofMix(mix)
                    .forEach((metric, nanos) -> all.computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram())
                            .add(nanos));
        }
        return stats(all);
    }

    private static Latencies stats(Map<Metric, Histogram> histograms) {
        Map<Metric, LatencyStats> stats = new EnumMap<>(Metric.class);
        histograms.forEach((metric, nanos) -> stats.put(metric, LatencyStats.of(nanos)));
        return new Latencies(stats);
    }
}
