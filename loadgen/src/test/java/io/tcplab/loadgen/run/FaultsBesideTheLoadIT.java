package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Measurement;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fault of ours in a part that the load can do without. */
@Timeout(60)
class FaultsBesideTheLoadIT {

    @Test
    void anErrorWhileAnIntervalIsWrittenEndsNeitherTheIntervalsNorTheRun() {
        LoadRun run = new LoadRun(Profiles.of("""
                        duration: 2500ms
                        load: {open: {rate: 50/s}}
                        protocol: none
                        mix: [{name: only}]
                        """), new InetSocketAddress("127.0.0.1", 9), 1, LoopCpus.ANY);
        List<IntervalReading> readings = new ArrayList<>();
        Measurement measured = run.execute(reading -> {
            readings.add(reading);
            throw new NoClassDefFoundError("no descriptor for it");
        });
        assertThat(readings).as("one each second, and the rest").hasSizeGreaterThanOrEqualTo(3);
        assertThat(readings.stream()
                        .mapToLong(reading -> reading.counts().get("only").started())
                        .sum())
                .isEqualTo(measured.total().started());
        Facts.Mishaps mishaps = run.mishaps(false);
        assertThat(mishaps.fault()).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    }
}
