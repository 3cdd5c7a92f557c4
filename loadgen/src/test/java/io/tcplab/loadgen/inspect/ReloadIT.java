package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.cli.CommandLineAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** R1: a reload that loses nothing, one that holds requests up, and one that refuses them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReloadIT {

    @Test
    void aReloadOfNginxLosesNothing() throws Exception {
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
                "--json",
                "--check",
                "R1",
                "--reload",
                "nginx -p \"$PWD\" -c \"$PWD/nginx.conf\" -s reload"));
        assertThat(ran.stdout()).as("stderr: %s", ran.stderr()).startsWith("{");
        Inspected inspected = new Inspected(ran.exitCode(), JsonMapper.shared().readTree(ran.stdout()));
        assertThat(inspected.verdict("R1")).as("%s", inspected.check("R1")).isEqualTo("asExpected");
        assertThat(inspected.check("R1").toString()).contains("the command ended with 0");
        assertThat(inspected.check("R1").at("/evidence/figures/idleClosed").asInt())
                .isEqualTo(10);
    }

    @Test
    void aReloadThatStopsTheServerForAWhileDelays() throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start("none")) {
            long pid = server.process().pid();
            Inspected inspected = Inspected.of(
                    server.address(),
                    Duration.ofSeconds(1),
                    "--check",
                    "R1",
                    "--reload",
                    "kill -STOP " + pid + "; sleep 2; kill -CONT " + pid);
            assertThat(inspected.verdict("R1")).as("%s", inspected.check("R1")).isEqualTo("unusual");
            assertThat(inspected.observed("R1")).isEqualTo("delays requests");
        }
    }

    /** What a command does not do loses nothing. */
    @Test
    void aCommandThatFailsIsNoReload() throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start("none")) {
            Inspected inspected = Inspected.of(
                    server.address(), Duration.ofSeconds(1), "--check", "R1", "--reload", "no-such-program -s reload");
            assertThat(inspected.verdict("R1")).isEqualTo("notObserved");
            assertThat(inspected.check("R1").get("sentence").asString()).contains("exit code 127");
        }
    }

    @Test
    void aReloadThatEndsTheServerLoses() throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start("none")) {
            Inspected inspected = Inspected.of(
                    server.address(),
                    Duration.ofSeconds(1),
                    "--check",
                    "R1",
                    "--reload",
                    "kill -KILL " + server.process().pid());
            assertThat(inspected.verdict("R1")).isEqualTo("harmful");
            assertThat(inspected.check("R1").get("sentence").asString()).contains("did not answer a new connection");
        }
    }
}
