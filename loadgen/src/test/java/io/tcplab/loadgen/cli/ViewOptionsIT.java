package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.JsonText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run shows on stderr beside its result on stdout. */
@Timeout(60)
class ViewOptionsIT {

    @TempDir
    private Path directory;

    private CommandLineAccess.Ran run(String... options) throws IOException {
        Path profile = Files.writeString(directory.resolve("seen.yaml"), """
                name: seen
                duration: 1500ms
                load: {open: {rate: 20/s}}
                mix: [{name: short, exchanges: 1}]
                """);
        List<String> arguments = new ArrayList<>(List.of(
                "run", profile.toString(), "--out", directory.resolve("result").toString()));
        arguments.addAll(List.of(options));
        return CommandLineAccess.run(arguments);
    }

    @Test
    void aLineEachSecondLeavesTheJsonOnStdoutAlone() throws IOException {
        CommandLineAccess.Ran ran = run("--json", "--plain");
        assertThat(JsonText.MAPPER.readTree(ran.stdout()).path("profile").asString())
                .isEqualTo("seen");
        assertThat(ran.stderr()).containsPattern("(?m)^seen  1 s  [\\d.,]+ connections/s ");
    }

    @Test
    void jsonAloneShowsNothingElse() throws IOException {
        assertThat(run("--json").stderr()).doesNotContain("connections/s");
    }

    @Test
    void theLinesOfAnObservationLeaveTheJsonOnStdoutAlone() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            List<String> arguments =
                    List.of("observe", "--port", String.valueOf(socket.getLocalPort()), "--for", "1s", "--json");
            CommandLineAccess.Ran silent = CommandLineAccess.run(arguments);
            assertThat(silent.stderr()).isEmpty();
            List<String> plain = new ArrayList<>(arguments);
            plain.add("--plain");
            CommandLineAccess.Ran ran = CommandLineAccess.run(plain);
            assertThat(JsonText.MAPPER.readTree(ran.stdout()).isObject()).isTrue();
            assertThat(ran.stderr()).contains("observing port " + socket.getLocalPort());
        }
    }
}
