package io.tcplab.loadgen.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a result is worth: keys of {@code summary.json}.
 *
 * @param valid false when the result cannot be trusted
 * @param warnings what a reader must know before believing a figure
 * @param thresholds the profile's limits and whether each was kept
 */
public record Verdict(boolean valid, List<Warning> warnings, List<ThresholdResult> thresholds) {

    /** Nothing was found yet, and no limit was checked. */
    public static final Verdict OPEN = new Verdict(true, List.of(), List.of());

    public Verdict {
        warnings = List.copyOf(warnings);
        thresholds = List.copyOf(thresholds);
    }

    /** The same with what was found out about the result. */
    public Verdict withWarnings(boolean stillValid, List<Warning> found) {
        return new Verdict(stillValid, found, thresholds);
    }

    /**
     * What a reader must know before believing a figure.
     *
     * @param evidence the figures that it rests on, by name; none in a file of an earlier version
     * @param invalidates whether the result cannot be trusted for it
     */
    public record Warning(
            String code, String message, String advice, Map<String, @Nullable Object> evidence, boolean invalidates) {
        public Warning {
            Map<String, @Nullable Object> written = new LinkedHashMap<>();
            if (evidence != null) {
                evidence.forEach((name, value) -> written.put(name, plain(value)));
            }
            evidence = Collections.unmodifiableMap(written);
        }

        /** As it is read back. */
        private static @Nullable Object plain(@Nullable Object value) {
            return switch (value) {
                case Integer whole -> (long) whole;
                case Double figure -> Summary.thousandths(figure);
                case null, default -> value;
            };
        }
    }

    /**
     * A threshold and what became of it.
     *
     * @param actual the figure in the threshold's base unit (seconds, a fraction, or plain); absent when there is none
     */
    public record ThresholdResult(
            String expression, @Nullable Double actual, boolean passed) {}
}
