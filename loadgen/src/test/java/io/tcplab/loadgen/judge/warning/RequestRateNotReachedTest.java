package io.tcplab.loadgen.judge.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Load.Arrivals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that found no free connection are said to be missing. */
@Timeout(10)
class RequestRateNotReachedTest {

    private static final Load.Requests STEADY = new Load.Requests(1_000, 2, Arrivals.CONSTANT);
    private static final Load.Requests POISSON = new Load.Requests(1_000, 2, Arrivals.POISSON);

    @Test
    void thoseThatWereOverdueAreCounted() {
        assertThat(RequestRateNotReached.judged(STEADY, 2, 196))
                .containsExactly(new RequestRateNotReached(1_000, 99, 1_802, 2));
    }

    @Test
    void whatIsStillInProgressIsNotMissing() {
        assertThat(RequestRateNotReached.judged(new Load.Requests(100, 50, Arrivals.CONSTANT), 1, 50))
                .isEmpty();
    }

    @Test
    void aHundredthMayBeMissing() {
        assertThat(RequestRateNotReached.judged(STEADY, 2, 1_978)).isEmpty();
        assertThat(RequestRateNotReached.judged(STEADY, 2, 1_977)).hasSize(1);
    }

    @Test
    void chanceIsNoLack() {
        assertThat(RequestRateNotReached.judged(POISSON, 2, 1_850)).isEmpty();
        assertThat(RequestRateNotReached.judged(POISSON, 2, 1_750)).hasSize(1);
    }
}
