package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.tcplab.loadgen.record.Metric;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of every metric; in JSON one object with a key for each, in the order of {@link Metric}.
 *
 * @param byMetric every metric has an entry, {@link LatencyStats#EMPTY} where nothing was recorded
 */
public record Latencies(Map<Metric, LatencyStats> byMetric) {

    /** Nothing was recorded. */
    public static final Latencies NONE = new Latencies(Map.of());

    public Latencies {
        Map<Metric, LatencyStats> complete = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            complete.put(metric, byMetric.getOrDefault(metric, LatencyStats.EMPTY));
        }
        byMetric = Collections.unmodifiableMap(complete);
    }

    @JsonCreator
    static Latencies fromJson(Map<String, LatencyStats> byKey) {
        Map<Metric, LatencyStats> byMetric = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            byMetric.put(metric, byKey.getOrDefault(metric.key(), LatencyStats.EMPTY));
        }
        return new Latencies(byMetric);
    }

    /** The object of {@code summary.json}. */
    @JsonValue
    public Map<String, LatencyStats> byKey() {
        Map<String, LatencyStats> byKey = new LinkedHashMap<>();
        byMetric.forEach((metric, stats) -> byKey.put(metric.key(), stats));
        return byKey;
    }

    public LatencyStats of(Metric metric) {
        return byMetric.getOrDefault(metric, LatencyStats.EMPTY);
    }
}
