package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.cli.CommandLineAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server's process as a witness: what an inspection leaves behind in it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServerHealthIT {

    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    @TempDir
    private Path home;

    @Test
    void aServerUnderInspectionIsUnharmed() throws Exception {
        try (NginxProcess nginx = NginxProcess.start(home, "keepalive_timeout 1s; client_header_timeout 1s;")) {
            Inspected inspected = Inspected.of(
                    nginx.address(),
                    PATIENCE,
                    "--pid",
                    Long.toString(nginx.process().pid()));
            JsonNode process = inspected.json().at("/server/process");
            assertThat(process.get("pid").asLong()).isEqualTo(nginx.process().pid());
            assertThat(process.get("descriptorsAfter").asLong())
                    .isEqualTo(process.get("descriptorsBefore").asLong());
            assertThat(process.get("closeWaits").asLong()).isZero();
            assertThat(process.get("replaced").asBoolean()).isFalse();
            assertThat(process.get("log").toString()).contains("error.log");
            assertThat(process.get("crashes")).isEmpty();
        }
    }

    @Test
    void whatALeakLeavesBehindIsCounted() throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start("leak-on-reset")) {
            Inspected inspected = Inspected.of(
                    server.address(),
                    PATIENCE,
                    "--check",
                    "C4",
                    "--pid",
                    Long.toString(server.process().pid()));
            JsonNode process = inspected.json().at("/server/process");
            assertThat(process.get("descriptorsAfter").asLong())
                    .isGreaterThanOrEqualTo(process.get("descriptorsBefore").asLong() + 10);
        }
    }

    @Test
    void aProcessThatDoesNotServeTheTargetIsRefused() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try (MisbehavingProcess server = MisbehavingProcess.start("none")) {
            CommandLineAccess.Ran ran = CommandLineAccess.run(
                    List.of("inspect", Endpoint.text(server.address()), "--pid", Long.toString(other.pid())));
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.stderr()).contains("does not listen").contains("--pid");
        } finally {
            other.destroyForcibly();
        }
    }
}
