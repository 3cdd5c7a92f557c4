package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.report.text.JunitXml;
import java.util.List;
import java.util.Optional;

/**
 * An inspection as a JUnit XML report: one test case for each check. One that does not do what is expected of it is a failure,
 * one that is not observable is skipped; an unusual or harmful behaviour that is expected, or of which nothing is expected, is a
 * test that passed.
 */
final class InspectJunit {

    private InspectJunit() {}

    static String of(Inspection inspection) {
        return JunitXml.of(
                "tcplab.inspect",
                null,
                null,
                inspection.results().stream()
                        .map(each -> testCase(inspection, each))
                        .toList());
    }

    private static Optional<Expectations.Compared> unmet(Inspection inspection, CheckResult result) {
        List<Expectations.Compared> all = inspection.expectations();
        return all == null
                ? Optional.empty()
                : all.stream()
                        .filter(each ->
                                !each.met() && each.id().equals(result.card().id()))
                        .findFirst();
    }

    private static JunitXml.TestCase testCase(Inspection inspection, CheckResult result) {
        Finding finding = result.finding();
        return new JunitXml.TestCase(
                "tcplab.inspect." + result.card().id(),
                result.card().title(),
                result.seconds(),
                unmet(inspection, result)
                        .map(unmet -> new JunitXml.Problem(
                                "failure", "expected " + unmet.expected() + ", found " + Printable.line(unmet.found())))
                        .or(() -> finding.verdict() == CheckVerdict.NOT_OBSERVABLE
                                ? Optional.of(
                                        new JunitXml.Problem("skipped", finding.sentence() + ": " + finding.advice()))
                                : Optional.empty())
                        .orElse(null),
                finding.verdict().id() + ": " + Printable.line(finding.sentence()));
    }
}
