package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.cli.CommandLineAccess;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shipped reloads: what a server that closes its queue loses, and two that hand theirs over. */
@Timeout(120)
class ReloadIT {

    private static final Pattern QUEUED = Pattern.compile("closed a listener with (\\d+) in its queue");

    @BeforeEach
    void namespaces() {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
    }

    private static Profile profile(String program, String name, String... sets) throws Exception {
        boolean there = List.of("/usr/sbin", "/usr/bin", "/usr/local/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        Assumptions.assumeTrue(there, "needs " + program);
        return ProfileReader.read(Path.of("..", "profiles", "servers", name + ".yaml"), List.of(sets));
    }

    private static long queued(Summary summary) {
        String printed = String.join(
                "\n",
                Objects.requireNonNull(Objects.requireNonNull(summary.server()).process())
                        .lastLines());
        Matcher line = QUEUED.matcher(printed);
        assertThat(line.find())
                .as("%s; the actions: %s", printed, summary.actions())
                .isTrue();
        return Long.parseLong(line.group(1));
    }

    /** Between the server's reading of its queue and its close a few more may come. */
    @Test
    void aClosedListenerLosesWhatIsInItsQueue() throws Exception {
        Summary summary = IsolatedRun.inNamespaces(
                profile("python3", "reuseport-reload", "sysctls.server.net.ipv4.tcp_migrate_req=0"));
        ActionReport reload = summary.actions().getFirst();
        assertThat(queued(summary)).isPositive();
        assertThat(reload.lost().reset()).isBetween(queued(summary), queued(summary) + 20);
        assertThat(reload.lost().all()).isEqualTo(reload.lost().reset());
        assertThat(summary.warnings()).extracting(Verdict.Warning::code).contains("listenerWentAway");
    }

    @Test
    void migrationHandsItsQueueOver() throws Exception {
        Summary summary = IsolatedRun.inNamespaces(
                profile("python3", "reuseport-reload", "sysctls.server.net.ipv4.tcp_migrate_req=1"));
        Long migrated = Objects.requireNonNull(summary.kernel().server()).counter(KernelCounter.MIGRATED_REQUESTS);
        assertThat(queued(summary)).isPositive();
        assertThat(migrated).isNotNull().isGreaterThanOrEqualTo(queued(summary));
        assertThat(summary.actions().getFirst().lost().all()).isZero();
    }

    @Test
    void tuneShowsBesideEachOtherWhatIsLostAndWhatIsMigrated(@TempDir Path home) throws Exception {
        Profile _ = profile("python3", "reuseport-reload");
        CommandLineAccess.Ran ran = CommandLineAccess.run(List.of(
                "tune",
                "../profiles/servers/reuseport-reload.yaml",
                "--repeat",
                "1",
                "--json",
                "--out",
                home.resolve("cells").toString()));
        assertThat(ran.exitCode()).as(ran.stderr()).isIn(0, 4); // a round of a busy machine may not be valid
        JsonNode cells = JsonMapper.shared().readTree(ran.stdout()).path("cells");
        assertThat(cells.size()).isEqualTo(2);
        String migrated = "/counters/server TcpExt.TCPMigrateReqSuccess";
        assertThat(cells.get(0).at(migrated).asDouble(0)).as(cells.toString()).isZero();
        assertThat(cells.get(0).at("/outcomes/completed").asDouble())
                .as(cells.toString())
                .isLessThan(cells.get(1).at("/outcomes/completed").asDouble());
        assertThat(cells.get(1).at(migrated).asDouble(0)).as(cells.toString()).isPositive();
        assertThat(Files.readString(home.resolve("cells/tune.txt"))).contains("lost to actions", "migrated");
    }

    @Test
    void nginxLosesNothing() throws Exception {
        assertNothingIsLost(profile("nginx", "nginx-reload"));
    }

    @Test
    void haproxyLosesNothing() throws Exception {
        assertNothingIsLost(profile("haproxy", "haproxy-reload"));
    }

    private static void assertNothingIsLost(Profile profile) throws Exception {
        ActionReport reload = IsolatedRun.inNamespaces(profile).actions().getFirst();
        assertThat(reload.failure()).isNull();
        assertThat(reload.connections()).isGreaterThan(100);
        // A request that meets the close of an idle connection is the keep-alive race, which a slow generator may lose.
        assertThat(reload.lost().all() - reload.lost().reset()).isZero();
        assertThat(reload.sentence()).contains("idle connections closed");
    }
}
