package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.cli.CommandLineAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** A server that is started for the inspection: its queue is filled, its client vanishes, and it is stopped. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StartedServerIT {

    /** In a namespace of its own, where nobody else has it. */
    private static final int PORT = 18_190;

    @TempDir
    private Path home;

    @Test
    void nginxIsFilledCutOffAndStopped() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nginx")), "needs nginx (Debian: nginx-light)");
        Assumptions.assumeTrue(
                Files.getOwner(Path.of("/proc/self")).getName().equals("root"),
                "needs root to make namespaces in a test");
        CommandLineAccess.Ran ran = CommandLineAccess.run(List.of(
                "inspect",
                "--server",
                "../profiles/servers/nginx.yaml",
                "--isolate",
                "netns",
                "--patience",
                "1s",
                "--check",
                "B5,B6,R2",
                "--json"));
        assertThat(ran.stdout()).as("stderr: %s", ran.stderr()).startsWith("{");
        Inspected inspected = new Inspected(ran.exitCode(), JsonMapper.shared().readTree(ran.stdout()));
        assertThat(inspected.exitCode()).isZero();
        // The backlog of the profile is 511; the queue holds one more (listen(2), sk_acceptq_is_full).
        assertThat(inspected.check("B6").at("/evidence/figures/established").asInt())
                .isEqualTo(512);
        assertThat(inspected.observed("B5")).isEqualTo("is not noticed");
        assertThat(inspected.observed("R2")).isEqualTo("idle: closed by FIN; half a request: closed by FIN");
    }

    /** What only the one who starts the server can ask: each kind gives its finding and no other. */
    @ParameterizedTest
    @CsvSource({"short-queue, B6", "reset-on-stop, R2", "none, ''"})
    void aServerThatIsStartedShowsWhatItDoesToAFullQueueAndAtAStop(String kind, String finding) throws Exception {
        assumeNamespaces();
        Inspected inspected = started(
                MisbehavingProcess.command(kind, PORT, "--host", "0.0.0.0"),
                "--patience",
                "2s",
                "--check",
                "B6,B5,R2,I1");
        assertThat(inspected.findings().keySet())
                .as("%s gives %s", kind, inspected.findings())
                .isEqualTo(finding.isEmpty() ? Set.of() : Set.of(finding));
        assertThat(inspected.check("I1").at("/evidence/segments").toString())
                .contains("SYN")
                .contains("FIN");
        assertThat(inspected.json().at("/server/process/program").asString()).isEqualTo("java");
    }

    /** The server is 20 ms away over a cable, and what goes over it is captured. */
    @Test
    void aNetworkIsPlayedAndCaptured() throws Exception {
        assumeNamespaces();
        Path capture = home.resolve("inspect.pcapng");
        Inspected inspected = started(
                MisbehavingProcess.command("none", PORT, "--host", "0.0.0.0"),
                "--check",
                "B1,B5,C2,C3",
                "--patience",
                "2s",
                "--set",
                "network.rtt=20ms",
                "--pcap",
                capture.toString());
        assertThat(inspected.findings()).isEmpty();
        assertThat(inspected.seconds("B1", "connectSeconds")).isBetween(0.02, 0.2);
        assertThat(inspected.json().at("/network/asked/rtt").asString()).isEqualTo("20ms");
        assertThat(inspected.json().at("/network/achieved/rttMicros").asDouble())
                .isGreaterThan(19_900);
        assertThat(inspected.observed("B5")).isEqualTo("is noticed");
        assertThat(Files.size(capture)).isGreaterThan(2_000);
    }

    private static void assumeNamespaces() throws IOException {
        Assumptions.assumeTrue(
                Files.getOwner(Path.of("/proc/self")).getName().equals("root"),
                "needs root to make namespaces in a test");
    }

    /** Inspects what this command starts, in namespaces. */
    private Inspected started(List<String> command, String... options) throws IOException {
        Path profile = home.resolve("server.yaml");
        Files.writeString(
                profile,
                "name: started\nload: {open: {rate: 1/s}}\nmix: [{name: one}]\nprotocol: {http: {path: /}}\nserver:\n  port: "
                        + PORT
                        + "\n  readyTimeout: 60s\n  command: "
                        + JsonMapper.shared().writeValueAsString(command) + "\n");
        List<String> arguments =
                new ArrayList<>(List.of("inspect", "--server", profile.toString(), "--isolate", "netns", "--json"));
        arguments.addAll(List.of(options));
        CommandLineAccess.Ran ran = CommandLineAccess.run(arguments);
        assertThat(ran.stdout()).as("stderr: %s", ran.stderr()).startsWith("{");
        return new Inspected(ran.exitCode(), JsonMapper.shared().readTree(ran.stdout()));
    }

    @Test
    void eitherAServerOrAProfileIsGiven() {
        CommandLineAccess.Ran none = CommandLineAccess.run(List.of("inspect"));
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.stderr()).contains("either HOST:PORT or --server PROFILE");
        CommandLineAccess.Ran isolated = CommandLineAccess.run(List.of("inspect", "127.0.0.1:1", "--isolate", "netns"));
        assertThat(isolated.exitCode()).isEqualTo(2);
        assertThat(isolated.stderr()).contains("--isolate needs --server");
    }
}
