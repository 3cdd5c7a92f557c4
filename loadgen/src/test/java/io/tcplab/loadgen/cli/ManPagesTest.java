package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManPagesTest {

    private static final Map<String, String> PAGES = ManPages.of("0.1.0", "2026-01-01");

    private static Stream<CommandLine> commands(CommandLine root) {
        return Stream.concat(
                Stream.of(root), root.getSubcommands().values().stream().flatMap(ManPagesTest::commands));
    }

    @Test
    void everyCommandHasAPageWithEachOfItsOptionsAndWhatTheHelpSaysOfIt() {
        assertThat(commands(Tcplab.commandLine())).hasSizeGreaterThan(10).allSatisfy(command -> {
            String page = PAGES.get(command.getCommandSpec().qualifiedName("-") + ".1");
            assertThat(page).as(command.getCommandName()).isNotNull();
            for (CommandLine.Model.OptionSpec option : command.getCommandSpec().options()) {
                if (!option.hidden()) {
                    assertThat(page).contains("\\fB" + option.longestName().replace("-", "\\-") + "\\fR");
                    for (String line : option.description()) {
                        assertThat(read(page)).contains(line.replace("%%", "%").strip());
                    }
                }
            }
        });
    }

    @Test
    void everyPageHasTheSectionsInTheOrderOfManPages() {
        assertThat(PAGES.values())
                .allSatisfy(page -> assertThat(page)
                        .startsWith(".TH \"tcplab")
                        .containsSubsequence(
                                ".SH NAME\n",
                                ".SH SYNOPSIS\n",
                                ".SH DESCRIPTION\n",
                                ".SH OPTIONS\n",
                                ".SH EXIT STATUS\n",
                                ".SH EXAMPLES\n",
                                ".SH SEE ALSO\n"));
    }

    /** A line of text that begins like a request would vanish. */
    @Test
    void noLineIsARequestThatIsNotMeant() {
        List<String> requests = List.of(".TH", ".SH", ".TP", ".PP", ".br", ".nh", ".ad");
        assertThat(PAGES.values().stream()
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith(".") || line.startsWith("'")))
                .allSatisfy(line -> assertThat(requests).contains(line.split(" ")[0]));
    }

    @Test
    void groffFormatsEachWithoutAWarning(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "no groff here");
        for (Map.Entry<String, String> page : PAGES.entrySet()) {
            Path file = Files.writeString(directory.resolve(page.getKey()), page.getValue());
            Process groff = new ProcessBuilder("groff", "-man", "-Tutf8", "-Kutf8", "-ww", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String shown = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(groff.waitFor()).as(shown).isZero();
            assertThat(shown).contains("tcplab 0.1.0").doesNotContain("warning:");
        }
    }

    private static String read(String page) {
        return page.replace("\\-", "-")
                .replace("\\(dq", "\"")
                .replace("\\e", "\\")
                .replace("\\&", "");
    }
}
