package io.tcplab.loadgen.lab;

import java.util.List;
import java.util.Map;

/**
 * What became of one experiment.
 *
 * @param card what it is
 * @param passed whether all that it expects of itself was so; if not, the verdict is UNTESTABLE and the reason says what failed
 * @param verdict what the kernel said to the hypothesis
 * @param reason the observation that the verdict rests on, or why there is none
 * @param claims what it found about each claim it bears on
 * @param evidence what was seen, of the run that the verdict is from
 * @param seconds how long that run took
 * @param alike how many of the runs gave this same answer
 * @param runs how often it ran
 * @param others what the runs said that gave another answer
 */
public record LabResult(
        Card card,
        boolean passed,
        Verdict verdict,
        String reason,
        Map<Integer, Finding> claims,
        Evidence evidence,
        double seconds,
        int alike,
        int runs,
        List<String> others) {

    LabResult counted(int same, int of, List<String> unlike) {
        return new LabResult(card, passed, verdict, reason, claims, evidence, seconds, same, of, unlike);
    }

    boolean alike(LabResult other) {
        return passed == other.passed && verdict == other.verdict;
    }

    /** The word for tables: the verdict, or that it failed. */
    public String word() {
        return passed ? verdict.word() : "FAILED";
    }
}
