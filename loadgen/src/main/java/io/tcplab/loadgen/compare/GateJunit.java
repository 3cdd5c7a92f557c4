package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.report.text.JunitXml;
import java.util.ArrayList;
import java.util.List;

/** Gates as a JUnit XML report: one test case for each figure; what got worse failed, what cannot be judged is skipped. */
final class GateJunit {

    private GateJunit() {}

    static String of(List<Gate> gates) {
        List<JunitXml.TestCase> cases = new ArrayList<>();
        for (Gate gate : gates) {
            for (GateRow row : gate.rows()) {
                cases.add(testCase(gate, row));
            }
        }
        return JunitXml.of("tcplab.gate", null, null, cases);
    }

    private static JunitXml.TestCase testCase(Gate gate, GateRow row) {
        String words = GateText.number(row.base()) + " → " + GateText.number(row.now());
        JunitXml.Problem problem = switch (row.verdict()) {
            case WORSE -> new JunitXml.Problem("failure", words + ", limit " + GateText.number(row.limit()));
            case CANNOT_TELL -> new JunitXml.Problem("skipped", row.reason());
            case BETTER, SAME -> null;
        };
        return new JunitXml.TestCase(
                "tcplab.gate." + gate.now(),
                row.label(),
                null,
                problem,
                row.verdict().words() + ": " + words);
    }
}
