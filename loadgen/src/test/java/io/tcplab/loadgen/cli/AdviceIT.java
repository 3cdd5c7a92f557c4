package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.namespace.UserNamespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a sentence advises is accepted by the command that it is given for. */
@Timeout(60)
class AdviceIT {

    private static final String PROFILE = """
            name: advised
            connections: 20
            duration: 2s
            load: {open: {rate: 50/s}}
            mix: [{name: only, exchanges: 1, close: {by: client, how: fin}}]
            """;

    /** Of programs that are not ours. */
    private static final Set<String> OTHERS = Set.of(
            "--cap-add",
            "--security-opt",
            "--pdeathsig",
            "--net",
            "--sun-misc-unsafe-memory-access",
            "--attached",
            "--line-buffered",
            "--no-check-certificate");

    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");

    @TempDir
    private Path directory;

    private record Answer(int code, String text) {}

    private Answer run(String profile, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("advised.yaml"), profile);
        StringWriter text = new StringWriter();
        PrintWriter both = new PrintWriter(text);
        List<String> arguments = new ArrayList<>(List.of("run", file.toString(), "--quiet"));
        arguments.addAll(
                List.of("--out", directory.resolve("out" + System.nanoTime()).toString()));
        arguments.addAll(List.of(options));
        int code = Tcplab.commandLine().setOut(both).setErr(both).execute(arguments.toArray(String[]::new));
        return new Answer(code, text.toString());
    }

    /** Of all commands together: an option that was renamed is found by its old name in a sentence. */
    @Test
    void everyOptionThatASentenceNamesIsThere() throws IOException {
        Set<String> known = new TreeSet<>(OTHERS);
        addOptions(known, Tcplab.commandLine());
        addOptions(known, new CommandLine(new io.tcplab.companion.control.ServeCommand()));

        Set<String> named = new TreeSet<>();
        for (String module : List.of("kernel-probe", "target-server", "loadgen")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    named.addAll(optionsIn(Files.readString(file)));
                }
            }
        }
        named.removeAll(known);
        assertThat(named).isEmpty();
    }

    private static Set<String> optionsIn(String source) {
        String strings = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"")
                .matcher(source)
                .results()
                .map(found -> found.group())
                .filter(string -> string.contains(" "))
                .collect(Collectors.joining("\n"));
        Set<String> options = new TreeSet<>();
        for (Matcher matcher = OPTION.matcher(strings); matcher.find(); ) {
            options.add(matcher.group());
        }
        return options;
    }

    private static void addOptions(Set<String> known, CommandLine command) {
        command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
        command.getSubcommands().values().forEach(each -> addOptions(known, each));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sysctls: {client: {net.ipv4.tcp_tw_reuse: 1}}",
                "faults: [{drop: acks, from: 200ms, until: 300ms}]"
            })
    void theIsolationThatIsAdvisedIsAccepted(String key) throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        Answer here = run(PROFILE + key + "\n");
        assertThat(here.code()).isEqualTo(1);
        assertThat(here.text()).contains("add --isolate netns");

        assertThat(run(PROFILE + key + "\n", "--isolate", "netns").code()).isNotIn(1, 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sysctls: {client: {net.ipv4.tcp_tw_reuse: 1}}",
                "faults: [{drop: acks, from: 200ms, until: 300ms}]"
            })
    void noIsolationIsAdvisedWhereATargetMakesItImpossible(String key) throws IOException {
        Answer refused = run(PROFILE + key + "\n", "--target", "127.0.0.1:9");
        assertThat(refused.code()).isIn(1, 2);
        assertThat(refused.text()).doesNotContain("add --isolate").containsAnyOf("take the", "remove the");

        assertThat(run(PROFILE, "--target", "127.0.0.1:9", "--isolate", "netns").code())
                .isEqualTo(1);
    }

    @Test
    void goingOnIsAcceptedWhereNobodyListens() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Answer refused = run(PROFILE, "--target", "127.0.0.1:" + free);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).contains("--keep-going");

        assertThat(run(PROFILE, "--target", "127.0.0.1:" + free, "--keep-going").code())
                .isNotIn(1, 2);
    }

    /** The companion's own keys: with a target of the user's there is none. */
    @ParameterizedTest
    @ValueSource(strings = {"server.backlog=5", "server.acceptDelay=5ms"})
    void aKeyWithoutEffectIsRefused(String setting) throws IOException {
        Answer refused = run(PROFILE, "--target", "127.0.0.1:9", "--set", setting);

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.text()).contains("server");
    }
}
