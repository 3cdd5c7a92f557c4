package io.tcplab.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class SlicesTest {

    private long nowNanos;
    private final List<Long> pauses = new ArrayList<>();

    @Test
    void aLongWalkPausesAfterEachSliceAndAtItsEnd() {
        Slices slices = new Slices(() -> nowNanos, nanos -> {
            pauses.add(nowNanos);
            nowNanos += nanos;
        });
        for (int part = 0; part < 17; part++) {
            nowNanos += 100_000; // 300 sockets
            slices.cut();
        }
        slices.end();
        assertThat(pauses).containsExactly(500_000L, 1_500_000L, 2_500_000L, 3_200_000L);
    }

    @Test
    void aShortWalkIsNotDelayed() {
        Slices slices = new Slices(() -> nowNanos, pauses::add);
        nowNanos += 400_000;
        slices.cut();
        slices.end();
        assertThat(pauses).isEmpty();
    }

    @Test
    void aSliceThatBeganBeforeTheWalkIsOverWithinIt() {
        Slices slices = new Slices(() -> nowNanos, nanos -> {
            pauses.add(nowNanos);
            nowNanos += nanos;
        });
        nowNanos += 300_000; // the listeners
        slices.cut();
        nowNanos += 300_000; // the owners
        slices.cut();
        nowNanos += 100_000; // the walk
        slices.cut();
        slices.end();
        assertThat(pauses).containsExactly(600_000L, 1_200_000L);
    }
}
