package io.tcplab.loadgen.result;

import java.util.List;

/**
 * What a result is worth: keys of {@code summary.json}.
 *
 * @param valid false when the result cannot be trusted
 * @param warnings what a reader must know before believing a figure
 * @param thresholds the profile's limits and whether each was kept
 */
public record Verdict(boolean valid, List<Summary.Warning> warnings, List<Summary.ThresholdResult> thresholds) {

    /** Nothing was found yet, and no limit was checked. */
    public static final Verdict OPEN = new Verdict(true, List.of(), List.of());

    public Verdict {
        warnings = List.copyOf(warnings);
        thresholds = List.copyOf(thresholds);
    }

    /** The same with what was found out about the result. */
    public Verdict withWarnings(boolean stillValid, List<Summary.Warning> found) {
        return new Verdict(stillValid, found, thresholds);
    }
}
