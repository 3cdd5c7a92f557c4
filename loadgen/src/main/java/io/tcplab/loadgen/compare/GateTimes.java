package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.result.FinishedRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The primary figures that a machine's speed decides: judged only where it is the same and its noise is known. */
final class GateTimes {

    private static final double STANDARD_ERRORS = 5;

    private GateTimes() {}

    /** A row for each; {@code find} is not a number where no round can be trusted. */
    static List<GateRow> rows(
            SavedRounds.Pair pair,
            List<FinishedRun> base,
            List<FinishedRun> now,
            List<String> mismatches,
            double find) {
        Contender before = new SavedRounds(pair.base().name(), base).contender();
        Contender after = new SavedRounds(pair.now().name(), now).contender();
        String obstacle = obstacle(base.size(), now.size(), mismatches, find);
        List<GateRow> rows = new ArrayList<>();
        for (ComparedFigure figure : Primary.figures(before, after)) {
            Primary role = Primary.of(figure);
            double[] a = before.of(figure);
            double[] b = after.of(figure);
            if (role != null && role != Primary.ERRORS && a != null && b != null) {
                rows.add(row(figure, role, a, b, obstacle, find));
            }
        }
        return rows;
    }

    private static String obstacle(int base, int now, List<String> mismatches, double find) {
        if (Double.isNaN(find)) {
            return "no round of a side can be trusted";
        }
        if (!mismatches.isEmpty()) {
            return "the environments differ (" + mismatches.getFirst() + ")";
        }
        return Math.min(base, now) < Gate.FEWEST
                ? "rounds: " + base + " and " + now + "; " + Gate.FEWEST + " on each side are needed"
                : "";
    }

    private static GateRow row(
            ComparedFigure figure, Primary role, double[] base, double[] now, String obstacle, double find) {
        double before = RatioInterval.median(base.clone());
        double after = RatioInterval.median(now.clone());
        if (!obstacle.isEmpty()) {
            return GateRow.unjudged(figure.key(), figure.label(), before, after, obstacle);
        }
        if (!positive(base) || !positive(now)) {
            return GateRow.unjudged(figure.key(), figure.label(), before, after, "a round has 0");
        }
        double change = mean(now) - mean(base);
        double worse = role.largerIsWorse() ? change : -change;
        double error = Math.sqrt(pooledVariance(base, now) * (1.0 / base.length + 1.0 / now.length));
        double limit = Math.max(Math.log1p(find), STANDARD_ERRORS * error);
        double bound = role.largerIsWorse() ? before * Math.exp(limit) : before * Math.exp(-limit);
        GateRow.Verdict verdict =
                worse > limit ? GateRow.Verdict.WORSE : worse < -limit ? GateRow.Verdict.BETTER : GateRow.Verdict.SAME;
        return new GateRow(figure.key(), figure.label(), before, after, bound, verdict, "");
    }

    private static boolean positive(double[] values) {
        return Arrays.stream(values).allMatch(value -> value > 0);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).map(Math::log).average().orElse(0);
    }

    private static double pooledVariance(double[] base, double[] now) {
        return (squares(base) + squares(now)) / (base.length + now.length - 2);
    }

    private static double squares(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                .map(value -> Math.pow(Math.log(value) - mean, 2))
                .sum();
    }
}
