package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns within a limit of connections per time: nothing here waits for one. */
@Timeout(value = 10, unit = TimeUnit.SECONDS)
class ConnectionRateTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void withoutALimitEveryTurnIsAtOnce() {
        ConnectionRate rate = new ConnectionRate();
        for (int i = 0; i < 500; i++) {
            assertThat(rate.turn()).isLessThanOrEqualTo(System.nanoTime());
        }
        assertThat(rate.allowsAtOnce(100)).isTrue();
    }

    /** Three quarters of eight within eleven tenths of ten seconds. */
    @Test
    void aLimitLeavesSomeOfItself() {
        ConnectionRate rate = new ConnectionRate();
        rate.keepWithin(new RateLimit(8, 10, "reset"));
        long began = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            assertThat(rate.turn()).isLessThanOrEqualTo(System.nanoTime());
        }
        assertThat(rate.turn()).isBetween(began + 11 * SECOND, System.nanoTime() + 11 * SECOND);
        assertThat(rate.nextNanos(3)).isGreaterThanOrEqualTo(rate.nextNanos());
    }

    /** A check that meets it whatever the pauses are must not bring all others to a stop. */
    @Test
    void pausesDoNotGrowWithoutEnd() {
        ConnectionRate rate = new ConnectionRate();
        rate.keepWithin(new RateLimit(4, 1, "reset"));
        for (int i = 0; i < 10; i++) {
            rate.slower();
        }
        assertThat(rate.nextNanos()).isLessThan(System.nanoTime() + 5 * SECOND);
        assertThat(rate.allowsAtOnce(3)).isTrue();
        assertThat(rate.allowsAtOnce(4)).isFalse();
    }
}
