package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.Measurement;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that is shorter than what is done beside it. */
@Timeout(60)
class ShortRunIT {

    private static LoadRun of(String duration) {
        LoadRun run = new LoadRun(
                Profiles.of("""
                        duration: %s
                        load: {closed: {concurrency: 4}}
                        protocol: none
                        mix: [{name: only}]
                        """.formatted(duration)), new InetSocketAddress("127.0.0.1", 9), 1, LoopCpus.ANY);
        run.endWhereNothingConnects();
        return run;
    }

    @Test
    void itIsNotMadeLongerToSeeWhetherAnythingConnects() {
        Measurement measured = of("1ms").execute(_ -> {});
        assertThat(measured.recordedNanos()).isLessThan(FirstLook.AFTER_NANOS);
    }

    @Test
    void thatNothingConnectsIsSeenAtItsEnd() {
        LoadRun run = of("500ms");
        Measurement measured = run.execute(_ -> {});
        assertThat(measured.total().started()).isGreaterThanOrEqualTo(20);
        assertThat(run.nothingConnected()).isTrue();
    }
}
