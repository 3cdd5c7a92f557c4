package io.tcplab.loadgen.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ArrivalScheduleTest {

    private static final long SECOND = 1_000_000_000L;

    private static ArrivalSchedule constant(RateSegment... segments) {
        return ArrivalSchedule.of(new Load.Open(List.of(segments), Arrivals.CONSTANT), 1);
    }

    @Test
    void constantArrivalsNeverDriftAwayFromTheirIndex() {
        ArrivalSchedule schedule = constant(new RateSegment(3, 3, Long.MAX_VALUE));
        assertThat(schedule.dueNanos(0)).isZero();
        assertThat(schedule.dueNanos(3)).isEqualTo(SECOND);
        assertThat(schedule.dueNanos(3_000_000)).isEqualTo(1_000_000 * SECOND);
    }

    @Test
    void stepsChangeTheRateWhereTheySayAndEndWhereTheyEnd() {
        ArrivalSchedule schedule = constant(new RateSegment(10, 10, SECOND), new RateSegment(100, 100, SECOND));
        assertThat(schedule.dueNanos(9)).isEqualTo(900_000_000L);
        assertThat(schedule.dueNanos(10)).isEqualTo(SECOND);
        assertThat(schedule.dueNanos(60)).isEqualTo(1_500_000_000L);
        assertThat(schedule.dueNanos(110)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void rampFromNothingReachesHalfItsArrivalsAfterMoreThanHalfItsTime() {
        ArrivalSchedule schedule = constant(new RateSegment(0, 100, 2 * SECOND));
        assertThat(schedule.dueNanos(0)).isZero();
        // Λ(t) = 25 t²: 25 arrivals by 1 s, 50 by √2 s
        assertThat(schedule.dueNanos(25)).isEqualTo(SECOND);
        assertThat(schedule.dueNanos(50) / 1e9).isCloseTo(Math.sqrt(2), within(1e-6));
    }

    /** A gap is longer than ten with a probability of 1 in 22,000. */
    @Test
    void noSeedDelaysTheFirstArrival() {
        Load.Open load = new Load.Open(List.of(new RateSegment(1000, 1000, Long.MAX_VALUE)), Arrivals.POISSON);
        for (long seed = 0; seed < 100; seed++) {
            assertThat(ArrivalSchedule.of(load, seed).dueNanos(0))
                    .as("seed %d", seed)
                    .isBetween(0L, 10_000_000L);
        }
    }

    @Test
    void poissonArrivalsHaveTheMeanAndTheSpreadOfExponentialGaps() {
        ArrivalSchedule schedule = ArrivalSchedule.of(
                new Load.Open(List.of(new RateSegment(1000, 1000, Long.MAX_VALUE)), Arrivals.POISSON), 42);
        int n = 100_000;
        double sum = 0;
        double squares = 0;
        long before = 0;
        for (int i = 0; i < n; i++) {
            long due = schedule.dueNanos(i);
            double gapMillis = (due - before) / 1e6;
            sum += gapMillis;
            squares += gapMillis * gapMillis;
            before = due;
        }
        double mean = sum / n;
        assertThat(mean).isCloseTo(1.0, within(0.02));
        assertThat(Math.sqrt(squares / n - mean * mean)).isCloseTo(1.0, within(0.03));
    }

    @Test
    void theSameSeedGivesTheSameArrivalsWhicheverLoopAsks() {
        Load.Open load = new Load.Open(List.of(new RateSegment(50, 50, Long.MAX_VALUE)), Arrivals.POISSON);
        ArrivalSchedule all = ArrivalSchedule.of(load, 7);
        ArrivalSchedule everyThird = ArrivalSchedule.of(load, 7);
        for (int i = 0; i < 300; i++) {
            long due = all.dueNanos(i);
            if (i % 3 == 1) {
                assertThat(everyThird.dueNanos(i)).isEqualTo(due);
            }
        }
    }

    @Test
    void holdOpensItsConnectionsEvenlyOverTheRampAndNoMore() {
        ArrivalSchedule schedule = ArrivalSchedule.of(new Load.Hold(100, SECOND, null));
        assertThat(schedule.dueNanos(50)).isEqualTo(SECOND / 2);
        assertThat(schedule.dueNanos(100)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void arrivalsByATimeIsTheInverseOfTheTimeOfArrivals() {
        RateCurve curve = new RateCurve(List.of(new RateSegment(10, 50, SECOND), new RateSegment(5, 5, 4 * SECOND)));
        for (double arrivals : new double[] {0.5, 7, 29, 31, 49}) {
            assertThat(curve.arrivalsBy(curve.timeOfNanos(arrivals))).isCloseTo(arrivals, within(1e-6));
        }
    }
}
