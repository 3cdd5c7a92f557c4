package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.judge.ThresholdWords;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JUnit XML report, the format that CI servers read: of a run one test case for each threshold, and one for the result's validity. */
public final class JunitReport {

    private JunitReport() {}

    /**
     * One test case.
     *
     * @param kind of a problem, {@code error} or {@code failure}
     * @param problem in words; absent = it passed
     */
    public record Case(String name, String kind, @Nullable String problem) {

        private JunitXml.@Nullable Problem asProblem() {
            return problem == null ? null : new JunitXml.Problem(kind, problem);
        }
    }

    /** The XML text of a run's report. */
    public static String of(Summary summary) {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("the result is valid", "error", doubt(summary)));
        for (Verdict.ThresholdResult threshold : summary.thresholds()) {
            Double actual = threshold.actual();
            String problem = actual == null
                    ? "no such figure in this result"
                    : "the figure is " + ThresholdWords.actual(threshold);
            cases.add(new Case(threshold.expression(), "failure", threshold.passed() ? null : problem));
        }
        return of(summary.profile(), summary.startedAt(), summary.durationSeconds(), cases);
    }

    /** The XML text of these cases. */
    public static String of(String name, Instant startedAt, double seconds, List<Case> cases) {
        String suite = "tcplab." + name;
        return JunitXml.of(
                suite,
                startedAt,
                seconds,
                cases.stream()
                        .map(each -> new JunitXml.TestCase(suite, each.name(), null, each.asProblem(), null))
                        .toList());
    }

    /** Why the result is not a whole one that can be trusted; absent where it is. */
    private static @Nullable String doubt(Summary summary) {
        if (summary.valid()) {
            return summary.interrupted() ? "the run was interrupted: the result is a partial one" : null;
        }
        return summary.warnings().stream()
                .filter(Verdict.Warning::invalidates)
                .map(Verdict.Warning::message)
                .findFirst()
                .orElse("the result cannot be trusted");
    }
}
