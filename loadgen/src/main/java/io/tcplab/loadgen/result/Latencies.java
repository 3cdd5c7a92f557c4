package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.tcplab.loadgen.record.Metric;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of every metric, and of a protocol's named steps; in JSON one object with a key for each, in the order of {@link Metric}.
 *
 * @param byMetric every metric has an entry, {@link LatencyStats#EMPTY} where nothing was recorded
 * @param byStep by the step's name; in JSON {@code step.NAME}
 */
public record Latencies(Map<Metric, LatencyStats> byMetric, Map<String, LatencyStats> byStep) {

    /** Stands before the name of a step. */
    public static final String STEP = "step.";

    /** Nothing was recorded. */
    public static final Latencies NONE = new Latencies(Map.of());

    public Latencies {
        Map<Metric, LatencyStats> complete = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            complete.put(metric, byMetric.getOrDefault(metric, LatencyStats.EMPTY));
        }
        byMetric = Collections.unmodifiableMap(complete);
        byStep = Collections.unmodifiableMap(new LinkedHashMap<>(byStep));
    }

    /** Those of a protocol without named steps. */
    public Latencies(Map<Metric, LatencyStats> byMetric) {
        this(byMetric, Map.of());
    }

    @JsonCreator
    static Latencies fromJson(Map<String, LatencyStats> byKey) {
        Map<Metric, LatencyStats> byMetric = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            byMetric.put(metric, byKey.getOrDefault(metric.key(), LatencyStats.EMPTY));
        }
        Map<String, LatencyStats> byStep = new LinkedHashMap<>();
        byKey.forEach((key, stats) -> {
            if (key.startsWith(STEP)) {
                byStep.put(key.substring(STEP.length()), stats);
            }
        });
        return new Latencies(byMetric, byStep);
    }

    /** The object of {@code summary.json}. */
    @JsonValue
    public Map<String, LatencyStats> byKey() {
        Map<String, LatencyStats> byKey = new LinkedHashMap<>();
        byMetric.forEach((metric, stats) -> byKey.put(metric.key(), stats));
        byStep.forEach((step, stats) -> byKey.put(STEP + step, stats));
        return byKey;
    }

    /** By the name that JSON has for it. */
    public LatencyStats ofKey(String key) {
        return byKey().getOrDefault(key, LatencyStats.EMPTY);
    }

    public LatencyStats of(Metric metric) {
        return byMetric.getOrDefault(metric, LatencyStats.EMPTY);
    }
}
