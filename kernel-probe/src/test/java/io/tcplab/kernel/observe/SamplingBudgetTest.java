package io.tcplab.kernel.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class SamplingBudgetTest {
    private static final long MILLI = 1_000_000;
    private static final long INTERVAL = 100 * MILLI;

    @Test
    void firstReadingIsAlwaysAllowed() {
        SamplingBudget budget = new SamplingBudget(0.02, INTERVAL);
        assertThat(budget.allowsAll(Long.MIN_VALUE, 0)).isTrue();
        assertThat(budget.allowsPassing(Long.MAX_VALUE, 0)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0.3, 35, 11", "0.5, 87, 12", "0.2, 0.4, 0.3", "0, 1000, 0.1", "5, 35, 11"})
    void whateverTheyCostReadingsStayWithinTheirShare(double cheap, double all, double passing) {
        double share = 0.02;
        SamplingBudget budget = new SamplingBudget(share, INTERVAL);
        double spent = 0;
        int samples = 6000;
        for (int i = 0; i < samples; i++) {
            long now = Long.MAX_VALUE - 20 * INTERVAL + i * INTERVAL;
            if (budget.allowsAll(now, 50)) {
                budget.spentOnAll(now, 50, (long) (all * MILLI));
                spent += all;
            } else if (budget.allowsPassing(now, 50)) {
                budget.spentOnPassing(now, 50, (long) (passing * MILLI));
                spent += passing;
            }
            budget.spentOnCheap((long) (cheap * MILLI));
            spent += cheap;
        }
        double cheapShare = cheap / 100;
        double allowed = Math.max(share, cheapShare + share / 4) + 2 * all / (samples * 100);
        assertThat(spent / (samples * 100)).isLessThanOrEqualTo(allowed).isGreaterThan(cheapShare);
    }

    @Test
    void smallTableIsCountedAtEverySample() {
        SamplingBudget budget = new SamplingBudget(0.02, INTERVAL);
        budget.spentOnAll(0, 50, MILLI / 2);
        assertThat(budget.allowsAll(INTERVAL, 50)).isTrue();
    }

    @Test
    void aLargeTableIsOnlyCountedWhole() {
        SamplingBudget budget = new SamplingBudget(0.01, INTERVAL);
        budget.spentOnAll(0, 30_000, 6 * MILLI);
        assertThat(budget.allowsPassing(1_000 * INTERVAL, 30_000)).isFalse();
        assertThat(budget.allowsAll(5 * INTERVAL, 30_000)).isFalse();
        assertThat(budget.allowsAll(6 * INTERVAL, 30_000))
                .as("with the whole share")
                .isTrue();
        assertThat(budget.allowsPassing(1_000 * INTERVAL, 8_000)).isTrue();
    }

    @Test
    void aTableThatHasGrownIsCountedLaterUpToFourTimes() {
        SamplingBudget budget = new SamplingBudget(0.01, INTERVAL);
        budget.spentOnAll(0, 0, 600_000);
        assertThat(budget.allowsAll(INTERVAL, 0)).isTrue();
        assertThat(budget.allowsAll(INTERVAL, 2_000)).as("twice as dear").isFalse();
        assertThat(budget.allowsAll(2 * INTERVAL, 2_000)).isTrue();
        assertThat(budget.allowsAll(3 * INTERVAL, 60_000)).isFalse();
        assertThat(budget.allowsAll(4 * INTERVAL, 60_000)).isTrue();
        budget.spentOnPassing(0, 0, 400_000);
        assertThat(budget.allowsPassing(INTERVAL, 2_000)).isFalse();
        assertThat(budget.allowsPassing(2 * INTERVAL, 2_000)).isTrue();
        budget.spentOnAll(0, 8_000, 600_000);
        assertThat(budget.allowsAll(INTERVAL, 0))
                .as("one that has shrunk no sooner")
                .isTrue();
        assertThat(budget.allowsAll(INTERVAL - 1, 0)).isFalse();
    }
}
