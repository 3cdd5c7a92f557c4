package io.tcplab.loadgen.inspect;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an inspection found.
 *
 * @param subject the server that was asked, and how
 * @param baseline what it answers to a plain GET; absent where it is not asked over HTTP
 * @param listener its listener in words, where it is on this host
 * @param results of the checks, in the order of the catalogue
 * @param expectations how the results stand to what was expected; absent where nothing was
 * @param connections how many were opened
 * @param seconds how long it took
 * @param interrupted whether a signal ended it early
 */
public record Inspection(
        Subject subject,
        @Nullable Baseline baseline,
        Optional<String> listener,
        List<CheckResult> results,
        @Nullable List<Expectations.Compared> expectations,
        int connections,
        double seconds,
        boolean interrupted) {

    /** How many results have this verdict. */
    public long count(CheckVerdict verdict) {
        return results.stream()
                .filter(each -> each.finding().verdict() == verdict)
                .count();
    }

    /** Whether every expectation is met. */
    public boolean asExpected() {
        return expectations == null || expectations.stream().allMatch(Expectations.Compared::met);
    }
}
