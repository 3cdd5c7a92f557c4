package io.tcplab.loadgen.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.UserNamespace;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The experiments on a cable of our own, whose answers do not depend on how fast the machine is. */
@Timeout(120)
class DistanceIT {

    @ParameterizedTest
    @CsvSource({
        "D1, refuted, the connect took 1.",
        "D2, refuted, the client sent 2 SYNs",
        "D3, refuted, the FIN was sent again",
        "D4, refuted, TIME_WAIT acknowledged the one that was sent again",
        "D5, holds, 10 segments had left",
        "D6, conditional, with tcp_slow_start_after_idle=0",
        "D7, refuted, by a loss probe"
    })
    void anExperimentAnswers(String id, String verdict, String reason) {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        assumeThat(UserNamespace.obstacle()).isEmpty();
        LabResult result = new LabRunner(Optional.empty(), 2, _ -> {})
                .run(List.of(Experiments.byId(id).orElseThrow()), 1)
                .getFirst();
        assertThat(result.reason()).contains(reason);
        assertThat(result.word()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"D1", "D8"})
    void anExperimentThatNeedsACableSaysSo(String id) {
        assertThat(Stream.of(Experiments.byId(id).orElseThrow())
                        .map(each -> each.card().needs()))
                .allSatisfy(needs -> assertThat(needs).contains(Need.CABLE, Need.NAMESPACES));
    }
}
