package io.tcplab.loadgen.judge;

import io.tcplab.loadgen.plan.Threshold;
import io.tcplab.loadgen.result.FigureReader;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.util.List;

/** Holds a result against the profile's limits. */
public final class ThresholdCheck {

    private ThresholdCheck() {}

    /**
     * The verdict on each threshold, in order. A figure that was not observed or has no samples fails its threshold, and the verdict has
     * no {@code actual}.
     */
    public static List<Verdict.ThresholdResult> evaluate(Summary summary, List<Threshold> thresholds) {
        return thresholds.stream()
                .map(threshold -> evaluate(summary, threshold))
                .toList();
    }

    private static Verdict.ThresholdResult evaluate(Summary summary, Threshold threshold) {
        Double actual = FigureReader.read(summary, threshold.figure());
        boolean passed = actual != null && threshold.comparison().holds(actual, threshold.limit());
        return new Verdict.ThresholdResult(threshold.expression(), actual, passed);
    }
}
