package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script, in the shell that it is for. */
@Timeout(60)
class CompletionTest {

    /** Called as bash calls it at the Tab key, which alone allows compopt(1). */
    private static final String COMPLETE = """
            source "$0"
            compopt() { :; }
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _complete_tcplab
            echo "${COMPREPLY[*]}"
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "tcplab run --isolate _, none netns docker",
        "tcplab run --isolate n, none netns",
        "tcplab serve --protocol h, http",
        "tcplab tune --side _, client server",
        "tcplab completion _, bash zsh",
        "tcplab val, validate",
        "tcplab run --pl, --plain"
    })
    void aValueIsOfferedAsTheHelpWritesIt(String words, String offered) throws IOException {
        Path script = Files.writeString(
                directory.resolve("completion"),
                CommandLineAccess.run(List.of("completion", "bash")).stdout());
        List<String> command = new ArrayList<>(List.of("bash", "-c", COMPLETE, script.toString()));
        for (String word : words.split(" ")) {
            command.add(word.equals("_") ? "" : word);
        }
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said.strip()).isEqualTo(offered);
    }
}
