package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.run.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HelpTextTest {

    private static final Path KEPT = Path.of("src/main/resources/io/tcplab/loadgen/cli", Tcplab.HELP);

    /** {@code -Dtcplab.refresh=true} writes it. */
    @Test
    void helpThatIsKeptReadyIsWhatTheCommandsSay() throws IOException {
        String said = Tcplab.commandLine().setUsageHelpAutoWidth(false).getUsageMessage();
        if (Boolean.getBoolean("tcplab.refresh")) {
            Files.writeString(KEPT, said);
        }
        assertThat(Files.readString(KEPT)).as("-Dtcplab.refresh=true writes it").isEqualTo(said);
    }

    /** With nothing but cat(1) to call it can neither start nor build anything. */
    @Test
    void theLauncherPrintsItWithoutAJvm(@TempDir Path programs) throws IOException {
        Files.createSymbolicLink(programs.resolve("cat"), Path.of("/bin/cat"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of("..", "tcplab").toAbsolutePath().normalize().toString(), "--help")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        Process launcher = builder.start();
        assertThat(new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(KEPT));
    }

    @Test
    void everyCommandKnowsTheVersion() {
        assertThat(commands(Tcplab.commandLine()).map(CommandLine::getCommandSpec))
                .allSatisfy(command -> {
                    StringWriter said = new StringWriter();
                    String[] words = (command.qualifiedName() + " --version").split(" ");
                    int code = Tcplab.commandLine()
                            .setOut(new PrintWriter(said, true))
                            .execute(Arrays.copyOfRange(words, 1, words.length));
                    assertThat(code).as(command.qualifiedName()).isZero();
                    assertThat(said.toString()).as(command.qualifiedName()).startsWith("tcplab ");
                });
    }

    private static Stream<CommandLine> commands(CommandLine root) {
        return Stream.concat(
                Stream.of(root), root.getSubcommands().values().stream().flatMap(HelpTextTest::commands));
    }

    /** The others end by themselves in a moment, and {@code serve} is ended by a signal as planned. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "compare",
                "tune",
                "limit",
                "inspect",
                "lab run",
                "lab show",
                "lab claims",
                "observe",
                "lead",
                "join"
            })
    void aCommandThatTakesAWhileNamesTheExitCodeOfAnInterruption(String name) {
        CommandLine command = Tcplab.commandLine();
        for (String word : name.split(" ")) {
            command = command.getSubcommands().get(word);
        }
        assertThat(HelpEnd.of(command.getCommandSpec()).exitCodes()).contains("; 130 interrupted");
    }

    @Test
    void everyCommandEndsWithExamplesThatItUnderstandsAndWithItsExitCodes() {
        Set<Integer> known = Stream.of(ExitCode.values()).map(ExitCode::code).collect(Collectors.toSet());
        assertThat(commands(Tcplab.commandLine()).map(CommandLine::getCommandSpec))
                .hasSizeGreaterThan(15)
                .allSatisfy(command -> {
                    HelpEnd end = HelpEnd.of(command);
                    assertThat(end.examples())
                            .as(command.qualifiedName())
                            .isNotEmpty()
                            .allSatisfy(example -> {
                                assertThat(example)
                                        .startsWith(command.qualifiedName())
                                        .hasSizeLessThan(79);
                                String[] words =
                                        example.substring("tcplab ".length()).split(" ");
                                assertThat(Tcplab.commandLine().parseArgs(words).errors())
                                        .isEmpty();
                            });
                    assertThat(Pattern.compile("(?:^|; )(\\d+) ")
                                    .matcher(end.exitCodes())
                                    .results()
                                    .map(code -> Integer.valueOf(code.group(1))))
                            .as(command.qualifiedName())
                            .isNotEmpty()
                            .startsWith(0)
                            .isSubsetOf(known);
                    assertThat(command.commandLine().getUsageMessage())
                            .contains("  " + end.examples().getFirst(), "Exit codes: 0 ");
                });
    }
}
