package io.tcplab.loadgen.lab;

import io.tcplab.loadgen.report.text.JunitXml;
import java.util.List;

/**
 * Results as a JUnit XML report: one test case each. A failed expectation is a failure, an untestable experiment is skipped; a refuted
 * hypothesis is a test that passed.
 */
public final class LabJunit {
    private LabJunit() {}

    /** The XML text. */
    public static String of(List<LabResult> results) {
        return JunitXml.of(
                "tcplab.lab",
                null,
                null,
                results.stream().map(LabJunit::testCase).toList());
    }

    private static JunitXml.TestCase testCase(LabResult result) {
        boolean skipped = result.passed() && result.verdict() == Verdict.UNTESTABLE;
        boolean judged = result.passed() && !skipped;
        return new JunitXml.TestCase(
                "tcplab.lab." + result.card().id(),
                result.card().title(),
                result.seconds(),
                judged ? null : new JunitXml.Problem(skipped ? "skipped" : "failure", result.reason()),
                judged ? result.verdict().word() + ": " + result.reason() : null);
    }
}
