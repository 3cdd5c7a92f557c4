package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What common mistakes on the command line are answered with. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MisuseTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            rnu                                | tcplab has no command rnu; did you mean run?
            lab shwo T1                        | tcplab lab has no command shwo; did you mean show?
            run                                | PROFILE is missing
            run a.yaml --durration 3s          | tcplab run has no option --durration; did you mean --duration?
            run a.yaml --isolation=netns       | tcplab run has no option --isolation; did you mean --isolate?
            run a.yaml --unheard-of-option     | tcplab run has no option --unheard-of-option
            run a.yaml b.yaml                  | tcplab run does not take a further argument: b.yaml
            run a.yaml --rate                  | --rate RATE is missing
            run a.yaml --shards two            | --shards must be a whole number, not two
            run a.yaml --isolate net           | --isolate must be none or netns or docker, not net
            run a.yaml --isolate dcoker        | --isolate must be none or netns or docker, not dcoker; did you mean docker?
            run a.yaml --observe host          | --observe:
            observe                            | --port N[,N] is missing
            observe --port http                | --port must be a whole number, not http
            merge a b                          | --out DIR is missing
            compare a.yaml b.yaml --find small | --find: 'small' is not a share such as 10%
            compare a.yaml b.yaml --find 10    | --find: '10' is not a share such as 10% or 0.1
            limit a.yaml --precision fine      | --precision: 'fine' is not a percentage such as 3%
            limit a.yaml --most much           | --most must be a number, not much
            lead a.yaml                        | --generators N is missing
            completion fish                    | SHELL must be bash or zsh, not fish
            """)
    void isAnsweredInASentenceWithTheNameThatWasProbablyMeant(String arguments, String sentence) {
        StringWriter said = new StringWriter();
        CommandLine commandLine = Tcplab.commandLine().setErr(new PrintWriter(said, true));
        assertThat(commandLine.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(said.toString().lines().toList())
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.getFirst()).startsWith("tcplab: " + sentence))
                .satisfies(lines -> assertThat(lines.getLast()).matches("Try 'tcplab.* --help'\\."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit none.yaml --precision 3%", "limit none.yaml --precision 3", "compare none.yaml --find 0.1"
            })
    void aPercentageIsTakenWithItsSign(String arguments) {
        StringWriter said = new StringWriter();
        CommandLine commandLine = Tcplab.commandLine().setErr(new PrintWriter(said, true));
        assertThat(commandLine.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(said.toString()).contains("none.yaml").contains("does not exist");
    }

    /** What it would say were of the host alone, and read as if 50,000 connections had been checked. */
    @ParameterizedTest
    @ValueSource(strings = {"doctor --connections 50000", "doctor --rate 5000/s --json", "doctor --set duration=1s"})
    void aDoctorWithoutAProfileTakesNothingThatChangesOne(String arguments) {
        StringWriter said = new StringWriter();
        CommandLine commandLine = Tcplab.commandLine().setErr(new PrintWriter(said, true));
        assertThat(commandLine.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(said.toString()).contains("Without a profile, only --target can be given");
    }
}
