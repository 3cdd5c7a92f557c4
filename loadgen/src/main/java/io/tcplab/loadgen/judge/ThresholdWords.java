package io.tcplab.loadgen.judge;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.Verdict;

/** A threshold's figure in the unit that its name calls for. */
public final class ThresholdWords {

    private ThresholdWords() {}

    public static String actual(Verdict.ThresholdResult threshold) {
        Double actual = threshold.actual();
        if (actual == null) {
            return "no such figure";
        }
        String figure = threshold.expression().strip().split("[\\s<>=!]", 2)[0];
        if (figure.contains("acceptQueue.")) {
            return InWords.rate(actual); // its p99 is a length
        }
        String stat = figure.substring(figure.lastIndexOf('.') + 1).replaceFirst("Micros$", "");
        return switch (stat) {
            case "min", "p50", "p90", "p99", "p999", "max", "mean" -> InWords.micros(actual * 1_000_000);
            case "rate", "errorRate", "exchangeErrorRate", "eventLoopBusy" -> InWords.percent(actual);
            default -> InWords.rate(actual);
        };
    }
}
