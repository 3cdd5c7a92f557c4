package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command in README and docs is one that this command line accepts, and the files of the repository that it names exist. */
@Timeout(60)
class DocumentedCommandsTest {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    /** A line of code that calls the program; what follows two spaces, a pipe or a # is not its own. */
    private static final Pattern CALL =
            Pattern.compile("\\s*(?:\\$ )?(?:\\./)?tcplab +([a-z]+(?: +(?=[\\w./-]*[/.-]))?(?: (?=\\S)|[^ |#>&])*).*");

    /** A word as a shell reads it: quoted or not. */
    private static final Pattern WORD = Pattern.compile("'[^']*'|\"(?:\\\\.|[^\"])*\"|\\S+");

    record Call(String page, String text) {}

    static List<Call> calls() throws IOException {
        List<Call> calls = new ArrayList<>();
        for (Path page : pages()) {
            boolean fenced = false;
            for (String line : Files.readAllLines(page)) {
                fenced ^= line.startsWith("```");
                Matcher call = CALL.matcher(line);
                // Not one that is only outlined, nor the head of a live view.
                if ((fenced || line.startsWith("    "))
                        && call.matches()
                        && !call.group(1).matches(".*[…\\[$].*")
                        && !line.endsWith(" left")) {
                    calls.add(new Call(
                            REPOSITORY.relativize(page).toString(),
                            call.group(1).strip()));
                }
            }
        }
        return calls;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(REPOSITORY.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isACommandThatExists(Call call) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(call.text());
        while (word.find()) {
            words.add(word.group().replaceAll("^['\"]|['\"]$", "").replace("HOST:PORT", "127.0.0.1:80"));
        }
        CommandLine.ParseResult parsed = Tcplab.commandLine().parseArgs(words.toArray(new String[0]));
        assertThat(parsed.hasSubcommand()).isTrue();
        assertThat(words.stream().filter(each -> each.startsWith("profiles/")))
                .allSatisfy(file -> assertThat(REPOSITORY.resolve(file)).exists());
    }
}
