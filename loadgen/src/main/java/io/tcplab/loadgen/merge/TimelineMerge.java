package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.LatencyLog;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.Timeline;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Lays the shards' timelines on each other, second by second from the first shard's beginning: what the generators did is added, their
 * latencies come from the histograms, and of the shards that looked at one namespace the first one's kernel rows stand.
 */
final class TimelineMerge {

    private final List<FinishedRun> shards;
    private final long firstMillis;
    private final Map<Long, Load> loads = new TreeMap<>();
    private final Map<Long, Map<String, Kernel>> kernels = new TreeMap<>();

    /** One second of all generators. */
    private static final class Load {
        private final Map<String, Double> sums = new HashMap<>();
        private final Map<String, Double> inFlight = new HashMap<>();
        private final Map<Metric, Histogram> latencies = new EnumMap<>(Metric.class);

        private long sum(String column) {
            return Math.round(sums.getOrDefault(column, 0.0));
        }
    }

    /** One second of one side's kernels: gauges by namespace, so that they can be added over namespaces; counters are sums already. */
    private static final class Kernel {
        private final Map<String, Map<String, Double>> gauges = new LinkedHashMap<>();
        private final Map<String, Long> counters = new HashMap<>();
        private double observeCostMicros;
    }

    TimelineMerge(List<FinishedRun> shards) {
        this.shards = shards;
        this.firstMillis = shards.getFirst().summary().startedAt().toEpochMilli();
    }

    void write(ResultsDirectory into) throws IOException {
        Set<String> seen = new HashSet<>();
        for (FinishedRun shard : shards) {
            boolean clientIsNew = seen.add(TimelineRow.CLIENT + KernelMerge.namespace(shard, TimelineRow.CLIENT));
            boolean serverIsNew = seen.add(TimelineRow.SERVER + KernelMerge.namespace(shard, TimelineRow.SERVER));
            double later = (shard.summary().startedAt().toEpochMilli() - firstMillis) / 1000.0;
            for (Timeline.Row row : shard.timeline().rows()) {
                long second = (long) Math.floor(row.second() + later);
                addLoad(second, shard.name(), row);
                if (row.side().equals(TimelineRow.CLIENT) ? clientIsNew : serverIsNew) {
                    addKernel(second, KernelMerge.namespace(shard, row.side()), row);
                }
            }
            addLatencies(shard);
        }
        writeRows(into);
    }

    private void addLoad(long second, String shard, Timeline.Row row) {
        if (!row.cells().containsKey("started")) {
            return;
        }
        Load load = loads.computeIfAbsent(second, _ -> new Load());
        for (String column : List.of("started", "completed", "errors", "exchanges")) {
            load.sums.merge(column, row.cells().getOrDefault(column, 0.0), Double::sum);
        }
        load.inFlight.merge(shard, row.cells().getOrDefault("inFlight", 0.0), Math::max);
    }

    private void addLatencies(FinishedRun shard) throws IOException {
        for (LatencyLog.Line line : LatencyLog.lines(shard.directory().resolve(ResultsDirectory.LATENCIES))) {
            Metric metric = metric(line.nanos().getTag());
            long second = Math.floorDiv(Math.round(line.beginSeconds() * 1000) - firstMillis, 1000L);
            Load load = loads.get(second);
            if (metric != null && load != null) {
                load.latencies
                        .computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram())
                        .add(line.nanos());
            }
        }
    }

    private static @Nullable Metric metric(@Nullable String tag) {
        for (Metric metric : Metric.values()) {
            if (tag != null && tag.endsWith("." + metric.key())) {
                return metric;
            }
        }
        return null;
    }

    private void addKernel(long second, String namespace, Timeline.Row row) {
        if (!row.cells().containsKey("observeCostMicros")) {
            return;
        }
        Kernel kernel = kernels.computeIfAbsent(second, _ -> new LinkedHashMap<>())
                .computeIfAbsent(row.side(), _ -> new Kernel());
        Map<String, Double> gauges = kernel.gauges.computeIfAbsent(namespace, _ -> new HashMap<>());
        for (String column : row.cells().keySet()) {
            if (column.startsWith("acceptQueue") || TimelineWriter.states().containsKey(column)) {
                gauges.merge(column, row.cells().getOrDefault(column, 0.0), Math::max);
            }
        }
        TimelineWriter.counters()
                .forEach((column, name) ->
                        kernel.counters.merge(name, Math.round(row.cells().getOrDefault(column, 0.0)), Long::sum));
        for (String moved : row.otherCounters().isEmpty()
                ? new String[0]
                : row.otherCounters().split(" ")) {
            String[] nameAndDelta = moved.split("=", 2);
            kernel.counters.merge(nameAndDelta[0], Long.valueOf(nameAndDelta[1]), Long::sum);
        }
        kernel.observeCostMicros += row.cells().getOrDefault("observeCostMicros", 0.0);
    }

    private void writeRows(ResultsDirectory into) throws IOException {
        Set<Long> seconds = new TreeSet<>(loads.keySet());
        seconds.addAll(kernels.keySet());
        try (StreamedFile file = into.stream(ResultsDirectory.TIMELINE)) {
            TimelineWriter writer = new TimelineWriter(file.stream());
            for (long second : seconds) {
                Map<String, Kernel> sides = kernels.getOrDefault(second, Map.of());
                TimelineRow.Load load = row(loads.get(second));
                TimelineRow.Kernel client = row(sides.get(TimelineRow.CLIENT));
                TimelineRow.Kernel server = row(sides.get(TimelineRow.SERVER));
                if (load != null || client != null) {
                    writer.append(new TimelineRow(second, TimelineRow.CLIENT, load, client));
                }
                if (server != null) {
                    writer.append(new TimelineRow(second, TimelineRow.SERVER, null, server));
                }
            }
        }
    }

    private static TimelineRow.@Nullable Load row(@Nullable Load load) {
        if (load == null) {
            return null;
        }
        Map<Metric, TimelineRow.Percentiles> percentiles = new EnumMap<>(Metric.class);
        load.latencies.forEach((metric, nanos) -> {
            if (nanos.getTotalCount() > 0) {
                percentiles.put(metric, TimelineRow.Percentiles.of(nanos));
            }
        });
        double inFlight =
                load.inFlight.values().stream().mapToDouble(Double::doubleValue).sum();
        return new TimelineRow.Load(
                load.sum("started"),
                load.sum("completed"),
                load.sum("errors"),
                Math.round(inFlight),
                load.sum("exchanges"),
                percentiles);
    }

    private static TimelineRow.@Nullable Kernel row(@Nullable Kernel kernel) {
        if (kernel == null) {
            return null;
        }
        Map<String, Long> states = new HashMap<>();
        Long queueLength = null;
        Long queueLimit = null;
        for (Map<String, Double> gauges : kernel.gauges.values()) {
            Double length = gauges.get("acceptQueueLength");
            Double limit = gauges.get("acceptQueueLimit");
            if (length != null && (queueLength == null || length > queueLength)) {
                queueLength = Math.round(length);
                queueLimit = limit == null ? null : Math.round(limit);
            }
            TimelineWriter.states().forEach((column, state) -> {
                Double count = gauges.get(column);
                if (count != null) {
                    states.merge(state, Math.round(count), Long::sum);
                }
            });
        }
        return new TimelineRow.Kernel(queueLength, queueLimit, states, kernel.counters, kernel.observeCostMicros);
    }
}
