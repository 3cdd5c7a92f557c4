package io.tcplab.loadgen.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.run.RunResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reader must know of rounds. */
class RoundsSessionTest {

    private static RunResult round(Verdict.Warning... warnings) {
        Summary plain = Examples.summary();
        return new RunResult(plain.with(plain.verdict().withWarnings(true, List.of(warnings))), Path.of("round"));
    }

    @Test
    void roundsWhoseActionFailedShowNothingOfItsCost() {
        Verdict.Warning failed = new Verdict.Warning(
                "actionFailed", "The action at 3.0 s, run reload, failed: exit code 1.", "", Map.of(), false);
        assertThat(RoundsSession.failedActions(
                        List.of("a", "b"), List.of(List.of(round(failed, failed), round()), List.of(round(), round()))))
                .containsExactly("an action failed in 1 of 2 rounds of a, so what these lost shows nothing of its cost."
                        + " The action at 3.0 s, run reload, failed: exit code 1.");
    }
}
