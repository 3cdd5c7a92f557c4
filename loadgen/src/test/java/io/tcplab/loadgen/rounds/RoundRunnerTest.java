package io.tcplab.loadgen.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The directories of rounds. */
@Timeout(10)
class RoundRunnerTest {

    @ParameterizedTest
    @CsvSource({"short, short", "short-2, short-2", "tcp_tw_reuse=0 tcp_timestamps=1, tcp_tw_reuse=0_tcp_timestamps=1"})
    void aNameThatIsAFileNameStays(String name, String file) {
        assertThat(RoundRunner.fileName(name)).isEqualTo(file);
    }

    @Test
    void cellsThatDifferInASignHaveDirectoriesOfTheirOwn() {
        List<String> names = List.of("path=/a/b", "path=/a_b", "path=/a?b", "_a", "a", ".a", "send=A?", "send=A!");
        assertThat(new HashSet<>(names.stream().map(RoundRunner::fileName).toList()))
                .hasSize(names.size())
                .allMatch(each -> each.matches("[A-Za-z0-9=-][A-Za-z0-9._=-]*"));
    }

    @Test
    void aLongCommandIsNoTooLongFileName() {
        String one = "command=" + "nginx -g 'daemon off;' ".repeat(20);
        assertThat(RoundRunner.fileName(one + "a")).hasSizeLessThan(200).isNotEqualTo(RoundRunner.fileName(one + "b"));
    }
}
