package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.report.text.JunitXml;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An inspection as a JUnit XML report: one test case for each check. One that does not do what is expected of it is a failure, as is one
 * that was expected to run and did not; one that is not observable is skipped; an unusual or harmful behaviour that is expected, or of
 * which nothing is expected, is a test that passed.
 */
final class InspectJunit {

    private InspectJunit() {}

    static String of(Inspection inspection) {
        return JunitXml.of(
                "tcplab.inspect",
                null,
                null,
                Stream.concat(inspection.results().stream().map(each -> testCase(inspection, each)), notRun(inspection))
                        .toList());
    }

    /** What was expected of checks that did not run. */
    private static Stream<JunitXml.TestCase> notRun(Inspection inspection) {
        List<Expectations.Compared> all = inspection.expectations();
        Set<String> ran =
                inspection.results().stream().map(each -> each.card().id()).collect(Collectors.toSet());
        return all == null
                ? Stream.empty()
                : all.stream()
                        .filter(each -> !each.met() && !ran.contains(each.id()))
                        .map(each -> new JunitXml.TestCase(
                                "tcplab.inspect." + each.id(), title(each.id()), null, failure(each), null));
    }

    private static String title(String id) {
        return Catalogue.chosen(List.of(id)).getLast().card().title();
    }

    private static JunitXml.Problem failure(Expectations.Compared unmet) {
        return new JunitXml.Problem(
                "failure", "expected " + Printable.line(unmet.expected()) + ", found " + Printable.line(unmet.found()));
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
                        .map(InspectJunit::failure)
                        .or(() -> finding.verdict() == CheckVerdict.NOT_OBSERVABLE
                                ? Optional.of(
                                        new JunitXml.Problem("skipped", finding.sentence() + ": " + finding.advice()))
                                : Optional.empty())
                        .orElse(null),
                finding.verdict().id() + ": " + Printable.line(finding.sentence()));
    }
}
