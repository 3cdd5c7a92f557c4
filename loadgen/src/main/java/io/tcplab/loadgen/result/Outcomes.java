package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many connections were started and how each of them ended; in JSON one flat object of integers, {@code started} first.
 *
 * @param started counted where a connection starts, independently of {@code counts}, so that the books can be checked
 * @param counts connections by outcome; every outcome has an entry
 */
public record Outcomes(long started, Map<ConnectionOutcome, Long> counts) {

    private static final String STARTED = "started";

    /** Nothing was started. */
    public static final Outcomes NONE = new Outcomes(0, Map.of());

    public Outcomes {
        Map<ConnectionOutcome, Long> complete = new EnumMap<>(ConnectionOutcome.class);
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            complete.put(outcome, counts.getOrDefault(outcome, 0L));
        }
        counts = Collections.unmodifiableMap(complete);
    }

    /** Reads the flat object of {@code summary.json}; keys that this version does not know are left out. */
    @JsonCreator
    static Outcomes fromJson(Map<String, Long> flat) {
        Map<ConnectionOutcome, Long> counts = new EnumMap<>(ConnectionOutcome.class);
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            counts.put(outcome, flat.getOrDefault(outcome.key(), 0L));
        }
        return new Outcomes(flat.getOrDefault(STARTED, 0L), counts);
    }

    /** The flat object of {@code summary.json}, in the order of {@link ConnectionOutcome}. */
    @JsonValue
    public Map<String, Long> flat() {
        Map<String, Long> flat = new LinkedHashMap<>();
        flat.put(STARTED, started);
        counts.forEach((outcome, count) -> flat.put(outcome.key(), count));
        return flat;
    }

    public long count(ConnectionOutcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** Connections that ended otherwise than planned; those still open at the end are not errors. */
    public long errors() {
        long errors = 0;
        for (Map.Entry<ConnectionOutcome, Long> entry : counts.entrySet()) {
            if (entry.getKey().isError()) {
                errors += entry.getValue();
            }
        }
        return errors;
    }

    /** The errors' share of what was started, 0 to 1; 0 when nothing was started. */
    public double errorRate() {
        return started == 0 ? 0 : (double) errors() / started;
    }

    /** Whether every started connection has exactly one outcome. */
    public boolean balances() {
        return started == counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The sum of two runs, or of two members of a mix. */
    public Outcomes plus(Outcomes other) {
        Map<ConnectionOutcome, Long> sum = new EnumMap<>(ConnectionOutcome.class);
        counts.forEach((outcome, count) -> sum.put(outcome, count + other.count(outcome)));
        return new Outcomes(started + other.started, sum);
    }
}
