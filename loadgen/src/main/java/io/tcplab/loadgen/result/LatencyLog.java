package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.HdrHistogram.Histogram;

/**
 * A {@code latencies.hlog} read back: one histogram of nanoseconds for each tag, the sum of its intervals.
 *
 * @param byTag in the order in which the tags first appear
 */
public record LatencyLog(Map<String, Histogram> byTag) {

    /** Reads a whole log; memory is that of the sums, whatever the log's length. */
    public static LatencyLog read(Path file) throws IOException {
        LatencyLog log = new LatencyLog(new LinkedHashMap<>());
        try (HlogReader lines = new HlogReader(file)) {
            while (lines.next()) {
                lines.addTo(log.byTag.computeIfAbsent(lines.tag(), _ -> LatencyRecorder.newHistogram()));
            }
        }
        return log;
    }

    /** Writes all lines of several logs as one log, by the time at which their intervals began; holds one line of each. */
    public static void concatenate(List<Path> files, StreamedFile into) throws IOException {
        List<HlogReader> open = new ArrayList<>();
        try {
            PriorityQueue<HlogReader> heads = new PriorityQueue<>(Comparator.comparingLong(HlogReader::beginMillis));
            for (Path file : files) {
                HlogReader lines = new HlogReader(file);
                open.add(lines);
                if (lines.next()) {
                    heads.add(lines);
                }
            }
            HlogReader earliest = heads.peek();
            HlogWriter writer = new HlogWriter(into.stream(), earliest == null ? 0 : earliest.beginMillis());
            while (!heads.isEmpty()) {
                HlogReader next = heads.remove();
                writer.copy(next);
                if (next.next()) {
                    heads.add(next);
                }
            }
            into.stream().flush();
        } finally {
            for (HlogReader lines : open) {
                lines.close();
            }
        }
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

    /** The histograms of one member's named steps. */
    private Map<String, Histogram> stepsOf(String mix) {
        Map<String, Histogram> found = new LinkedHashMap<>();
        String prefix = HlogWriter.stepTag(mix, "");
        byTag.forEach((tag, nanos) -> {
            if (tag.startsWith(prefix)) {
                found.put(tag.substring(prefix.length()), nanos);
            }
        });
        return found;
    }

    /** The figures of one member of the mix. */
    public Latencies latenciesOf(String mix) {
        return stats(ofMix(mix), stepsOf(mix));
    }

    /** The figures of all members together. */
    public Latencies latenciesOf(List<String> mixes) {
        Map<Metric, Histogram> all = new EnumMap<>(Metric.class);
        Map<String, Histogram> steps = new LinkedHashMap<>();
        for (String mix : mixes) {
            ofMix(mix)
                    .forEach((metric, nanos) -> all.computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram())
                            .add(nanos));
            stepsOf(mix)
                    .forEach((step, nanos) -> steps.computeIfAbsent(step, _ -> LatencyRecorder.newHistogram())
                            .add(nanos));
        }
        return stats(all, steps);
    }

    private static Latencies stats(Map<Metric, Histogram> histograms, Map<String, Histogram> steps) {
        Map<Metric, LatencyStats> stats = new EnumMap<>(Metric.class);
        histograms.forEach((metric, nanos) -> stats.put(metric, LatencyStats.of(nanos)));
        Map<String, LatencyStats> byStep = new LinkedHashMap<>();
        steps.forEach((step, nanos) -> byStep.put(step, LatencyStats.of(nanos)));
        return new Latencies(stats, byStep);
    }
}
