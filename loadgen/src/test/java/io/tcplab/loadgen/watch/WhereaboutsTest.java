package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WhereaboutsTest {

    private static SideFigures counted(long opened, long failed, long taken) {
        return new SideFigures(
                Map.of("Tcp.ActiveOpens", opened, "Tcp.AttemptFails", failed, "Tcp.PassiveOpens", taken),
                Map.of(),
                Map.of(),
                null,
                List.of(),
                new KernelFigures.TimeWait(0, 0L),
                80,
                null);
    }

    /** As to a container's published port on 127.0.0.1, by rules of nftables instead of a proxy. */
    @Test
    void connectionsThatNobodyTookHereAreSomebodysElsewhere() {
        assertThat(Whereabouts.othersAnswered(counted(100, 0, 0))).isTrue();
    }

    @Test
    void connectionsThatWereRefusedAreNobodysAndThoseThatWereRedirectedAreStillTakenHere() {
        assertThat(Whereabouts.othersAnswered(counted(100, 100, 0))).isFalse();
        assertThat(Whereabouts.othersAnswered(counted(100, 0, 100))).isFalse();
    }
}
