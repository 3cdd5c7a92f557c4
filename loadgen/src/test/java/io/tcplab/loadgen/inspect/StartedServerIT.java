package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.cli.CommandLineAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** A server that is started for the inspection: its queue is filled, its client vanishes, and it is stopped. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StartedServerIT {

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
