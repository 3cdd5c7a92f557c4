package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.report.Environment;
import io.tcplab.loadgen.report.KernelFigures;
import io.tcplab.loadgen.report.Residue;
import io.tcplab.loadgen.report.RunWarning;
import io.tcplab.loadgen.report.Summary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run tells what earlier work had left, and warns where it takes ports that the run may want. */
@Timeout(30)
class LeftoverTimeWaitTest {

    private static final Environment.Side SIDE = new Environment.Side(null, null, Map.of(), Map.of(), Map.of());
    private static final Environment HERE =
            new Environment("", "6.18", "", 2, "", "", "epoll", "none", SIDE, null, List.of());

    @TempDir
    private Path directory;

    private List<RunWarning> warnings(Residue before) throws Exception {
        Path file = Files.writeString(
                directory.resolve("p.yaml"), "load: {closed: {concurrency: 1}}\nmix: [{name: only}]\n");
        Profile profile = ProfileReader.read(file, List.of());
        Measurement measured = new Measurement(
                Instant.EPOCH,
                0,
                1_000_000_000,
                23,
                Map.of(),
                LedgerReading.ZERO,
                Map.of(),
                Map.of(),
                List.of(),
                new Histogram(3),
                List.of(),
                0,
                0,
                0,
                0,
                0,
                false);
        Summary summary =
                SummaryBuilder.build(profile, measured, KernelFigures.NOT_OBSERVED, List.of(), null, null, before);
        assertThat(summary.before()).isEqualTo(before);
        List<RunWarning> warnings = new ArrayList<>();
        KernelDiagnosis.add(profile, measured, summary, HERE, warnings);
        return warnings;
    }

    @Test
    void timeWaitsTowardsTheTargetAreWarnedOf() throws Exception {
        assertThat(warnings(new Residue(12_500, 12_000, 0.425, 1, 2)))
                .containsExactly(new RunWarning.LeftoverTimeWait(12_000, 0.425));
    }

    @Test
    void thoseOfOtherTargetsTakeNoPortFromUs() throws Exception {
        assertThat(warnings(new Residue(12_500, 3, 0.0001, 1, 2))).isEmpty();
    }
}
