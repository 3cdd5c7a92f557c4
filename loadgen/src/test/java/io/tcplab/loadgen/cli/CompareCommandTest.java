package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What compare takes beside results that are there already. */
@Timeout(60)
class CompareCommandTest {

    private static String said(int code, String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine commandLine = Tcplab.commandLine().setErr(new PrintWriter(said, true));
        assertThat(commandLine.execute(arguments)).isEqualTo(code);
        return said.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--repeat=5", "--duration=2s", "--isolate=netns", "--set=seed=1", "--target=127.0.0.1:80"})
    void whatChangesARunIsRefused(String option, @TempDir Path results) {
        String name = option.substring(0, option.indexOf('='));
        assertThat(said(2, "compare", results.toString(), results.toString(), option))
                .contains(name + " has no effect on results that are there already");
    }

    @Test
    void whatIsSaidOfTheResultIsTaken(@TempDir Path results) {
        assertThat(said(1, "compare", results.toString(), results.toString(), "--gate", "--find", "5%", "--plain"))
                .contains("holds no finished run");
    }
}
