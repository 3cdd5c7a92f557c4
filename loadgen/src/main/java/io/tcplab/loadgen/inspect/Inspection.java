package io.tcplab.loadgen.inspect;

import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.run.ExitCode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an inspection found.
 *
 * @param subject the server that was asked, and how
 * @param baseline what it answers to a plain GET; absent where it is not asked over HTTP
 * @param listener its listener in words, where it is on this host
 * @param limit of connections per time that was met; absent where none was
 * @param results of the checks, in the order of the catalogue
 * @param expectations how the results stand to what was expected; absent where nothing was
 * @param connections how many were opened
 * @param seconds how long it took
 * @param health the server's process before and after; absent where it is not seen from here
 * @param network what lay between, and what it did; absent where none was played
 * @param warnings why the result is not to be believed; empty where it is
 * @param interrupted whether a signal ended it early
 */
public record Inspection(
        Subject subject,
        @Nullable Baseline baseline,
        Optional<String> listener,
        @Nullable RateLimit limit,
        List<CheckResult> results,
        @Nullable List<Expectations.Compared> expectations,
        int connections,
        double seconds,
        @Nullable ServerHealth health,
        @Nullable NetworkFigures network,
        List<String> warnings,
        boolean interrupted) {

    /** How many results have this verdict. */
    public long count(CheckVerdict verdict) {
        return results.stream()
                .filter(each -> each.finding().verdict() == verdict)
                .count();
    }

    /** How the command ends. */
    public ExitCode exitCode() {
        if (interrupted) {
            return ExitCode.INTERRUPTED;
        }
        return !warnings.isEmpty() ? ExitCode.NOT_TO_BE_BELIEVED : asExpected() ? ExitCode.FINE : ExitCode.NOT_MET;
    }

    /** Whether every expectation is met. */
    public boolean asExpected() {
        return expectations == null || expectations.stream().allMatch(Expectations.Compared::met);
    }
}
