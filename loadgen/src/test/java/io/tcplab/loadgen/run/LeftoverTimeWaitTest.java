package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.judge.warning.LeftoverTimeWait;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.SideSettings;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run tells what earlier work had left, and warns where it takes ports that the run may want. */
@Timeout(30)
class LeftoverTimeWaitTest {

    @TempDir
    private Path directory;

    private List<RunWarning> warnings(Leftovers before) throws Exception {
        return warnings(before, Map.of());
    }

    private List<RunWarning> warnings(Leftovers before, Map<String, LedgerReading> counts) throws Exception {
        return warnings(before, counts, Map.of());
    }

    private List<RunWarning> warnings(Leftovers before, Map<String, LedgerReading> counts, Map<String, String> sysctls)
            throws Exception {
        Path file = Files.writeString(
                directory.resolve("p.yaml"), "load: {closed: {concurrency: 1}}\nmix: [{name: only}]\n");
        Profile profile = ProfileReader.read(file, List.of());
        Measurement measured = new Measurement(
                Instant.EPOCH,
                0,
                1_000_000_000,
                23,
                counts,
                LedgerReading.ZERO,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                new Histogram(3),
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                null,
                0,
                0,
                0,
                0,
                0,
                false);
        Summary summary = SummaryBuilder.build(
                profile,
                List.of(Located.of(new InetSocketAddress("127.0.0.1", 80))),
                List.of(),
                measured,
                KernelFigures.NOT_OBSERVED,
                List.of(),
                null,
                null,
                before);
        assertThat(summary.before()).isEqualTo(before);
        SideSettings side = new SideSettings(null, null, Map.of(), sysctls, Map.of());
        Environment here =
                new Environment("", "6.18", "", 2, "", "", "epoll", null, null, "none", side, null, List.of());
        return Warnings.in(new Facts(profile, measured, summary, here, Facts.Mishaps.NONE, OptionalDouble::empty));
    }

    @Test
    void timeWaitsTowardsTheTargetAreWarnedOf() throws Exception {
        assertThat(warnings(new Leftovers(12_500, 12_000, 0.425, 1.0, 2)))
                .containsExactly(new LeftoverTimeWait(12_000, 0.425, true));
    }

    @Test
    void thoseOfOtherTargetsTakeNoPortFromUs() throws Exception {
        assertThat(warnings(new Leftovers(12_500, 3, 0.0001, 1.0, 2))).isEmpty();
    }

    @Test
    void fewerMatterWhereTheRunFoundNoPort() throws Exception {
        Leftovers before = new Leftovers(1_500, 1_400, 0.05, 1.0, 2);
        Ledger ledger = new Ledger();
        ledger.started();
        ledger.ended(ConnectionOutcome.NO_LOCAL_PORT);
        assertThat(warnings(before)).isEmpty();
        assertThat(warnings(before, Map.of("only", ledger.read()))).contains(new LeftoverTimeWait(1_400, 0.05, true));
    }

    @Test
    void portsThatTheKernelGivesAwayAgainAreNotMissed() throws Exception {
        Leftovers before = new Leftovers(12_500, 12_000, 0.425, 1.0, 2);
        assertThat(warnings(before, Map.of(), Map.of("net.ipv4.tcp_tw_reuse", "1")))
                .isEmpty();
        assertThat(warnings(before, Map.of(), Map.of("net.ipv4.tcp_tw_reuse", "2")))
                .as("the target has a loopback address")
                .isEmpty();
        assertThat(warnings(before, Map.of(), Map.of("net.ipv4.tcp_tw_reuse", "2", "net.ipv4.tcp_timestamps", "0")))
                .hasSize(1);
    }
}
