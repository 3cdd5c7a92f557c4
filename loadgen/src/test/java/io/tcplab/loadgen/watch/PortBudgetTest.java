package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.watch.PortBudget.Reuse;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PortBudgetTest {

    private static final Reuse LOOPBACK_ONLY = new Reuse(2, 1, true);

    @TempDir
    private Path directory;

    private PortBudget budget(String load, String close, Reuse reuse, String destination) throws Exception {
        Path file = Files.writeString(
                directory.resolve("p.yaml"),
                "duration: 6s\nload: " + load + "\nmix: [{name: a, close: " + close + "}]\n");
        Profile profile = ProfileReader.read(file, List.of());
        return PortBudget.of(profile, 28_232, reuse, InetAddress.ofLiteral(destination));
    }

    @Test
    void heldConnectionsNeedAPortEachAndNoTimeWait() throws Exception {
        PortBudget budget = budget("{hold: {connections: 50000}}", "{how: fin}", Reuse.NONE, "198.18.0.2");

        assertThat(budget.suffices()).isFalse();
        assertThat(budget.needed()).isEqualTo(50_000);
        assertThat(budget.closedPerSecond()).isZero();
        assertThat(budget("{hold: {connections: 28232}}", "{how: fin}", Reuse.NONE, "198.18.0.2")
                        .suffices())
                .isTrue();
    }

    @Test
    void whatTheClientClosesTakesItsPortForTheWholeTimeWait() throws Exception {
        PortBudget budget = budget("{open: {rate: 5000/s}}", "{how: linger 2s}", Reuse.NONE, "198.18.0.2");

        assertThat(budget.needed()).isEqualTo(30_000);
        assertThat(budget.suffices()).isFalse();
        assertThat(budget.sustainablePerSecond()).isCloseTo(470.5, within(0.1));
    }

    @Test
    void whatTheServerClosesOrTheClientResetsTakesNoneAfterwards() throws Exception {
        assertThat(budget("{open: {rate: 50000/s}}", "{by: server}", Reuse.NONE, "198.18.0.2")
                        .needed())
                .isZero();
        assertThat(budget("{open: {rate: 50000/s}}", "{how: rst}", Reuse.NONE, "198.18.0.2")
                        .needed())
                .isZero();
    }

    @Test
    void reuseGivesAPortBackAfterItsDelayWhereItsRuleHolds() throws Exception {
        String load = "{open: {rate: 5000/s}}";

        assertThat(budget(load, "{}", LOOPBACK_ONLY, "127.0.0.1").needed()).isEqualTo(5_000);
        assertThat(budget(load, "{}", LOOPBACK_ONLY, "::1").needed()).isEqualTo(5_000);
        assertThat(budget(load, "{}", LOOPBACK_ONLY, "198.18.0.2").needed()).isEqualTo(30_000);
        assertThat(budget(load, "{}", new Reuse(1, 0.1, true), "198.18.0.2").needed())
                .isEqualTo(500);
        assertThat(budget(load, "{}", new Reuse(1, 1, false), "198.18.0.2").needed())
                .as("without timestamps nothing is reused")
                .isEqualTo(30_000);
    }
}
