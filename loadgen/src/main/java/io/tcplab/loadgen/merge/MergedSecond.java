package io.tcplab.loadgen.merge;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.TimelineReader;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One second of all shards: what the generators did and what the kernels showed, added up. */
final class MergedSecond {

    private static final List<String> ADDED = List.of("started", "completed", "errors", "exchanges", "exchangeErrors");

    private final Map<String, Double> sums = new HashMap<>();
    private final Map<String, Double> inFlight = new HashMap<>();
    private final Map<Side, Kernel> kernels = new EnumMap<>(Side.class);

    /** One side's kernels: gauges by namespace, so that they can be added over namespaces; counters are sums already. */
    private static final class Kernel {
        private final Map<String, Map<String, Double>> gauges = new LinkedHashMap<>();
        private final Map<String, Long> counters = new HashMap<>();
        private double observeCostMicros;
    }

    void addLoad(String shard, TimelineReader.Row row) {
        ADDED.forEach(column -> sums.merge(column, row.cell(column), Double::sum));
        inFlight.merge(shard, row.cell("inFlight"), Math::max);
    }

    void addKernel(String namespace, TimelineReader.Row row) {
        Kernel kernel = kernels.computeIfAbsent(row.side(), _ -> new Kernel());
        Map<String, Double> gauges = kernel.gauges.computeIfAbsent(namespace, _ -> new HashMap<>());
        row.cells().forEach((column, value) -> {
            if (column.startsWith("acceptQueue") || TimelineWriter.states().containsKey(column)) {
                gauges.merge(column, value, Math::max);
            }
        });
        TimelineWriter.counters()
                .forEach((column, name) -> kernel.counters.merge(name, Math.round(row.cell(column)), Long::sum));
        row.otherCounters().forEach((name, delta) -> kernel.counters.merge(name, delta, Long::sum));
        kernel.observeCostMicros += row.cell("observeCostMicros");
    }

    /** The generators' sums; {@code null} when no generator has a row in this second. */
    TimelineRow.@Nullable Load load(Map<Metric, TimelineRow.Percentiles> percentiles) {
        if (inFlight.isEmpty()) {
            return null;
        }
        double open =
                inFlight.values().stream().mapToDouble(Double::doubleValue).sum();
        return new TimelineRow.Load(
                sum("started"),
                sum("completed"),
                sum("errors"),
                Math.round(open),
                sum("exchanges"),
                sum("exchangeErrors"),
                percentiles);
    }

    private long sum(String column) {
        return Math.round(sums.getOrDefault(column, 0.0));
    }

    /** A side's kernels; {@code null} when none was observed in this second. */
    TimelineRow.@Nullable Kernel kernel(Side side) {
        Kernel kernel = kernels.get(side);
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
