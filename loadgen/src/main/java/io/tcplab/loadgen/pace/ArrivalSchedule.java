package io.tcplab.loadgen.pace;

import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.List;

/**
 * When each connection is due: nanoseconds since the start of the run, from the connection's index, never decreasing.
 *
 * <p>A schedule is read by one thread, index after index. Several event loops each hold a schedule of their own and start every
 * n-th connection of it.
 */
public interface ArrivalSchedule {

    /** Draw number that the schedule uses of {@link RandomBits}; a connection's own draws begin after it. */
    int DRAW = -1;

    /**
     * Returns the due time of connection {@code index} in nanoseconds since the start; {@link Long#MAX_VALUE} = never. Indexes must
     * be asked in increasing order.
     */
    long dueNanos(long index);

    /** Returns the schedule of an open loop: evenly spread along the rate curve, or Poisson arrivals seeded by {@code seed}. */
    static ArrivalSchedule of(Load.Open load, long seed) {
        return of(new RateCurve(load.segments()), load.arrivals(), seed);
    }

    /** Returns the schedule that opens {@code connections} evenly over the ramp, and no more. */
    static ArrivalSchedule of(Load.Hold load) {
        if (load.rampNanos() == 0) {
            return index -> index < load.connections() ? 0 : Long.MAX_VALUE;
        }
        double rate = load.connections() / (load.rampNanos() / 1e9);
        RateCurve curve = new RateCurve(List.of(new RateSegment(rate, rate, Long.MAX_VALUE)));
        return index -> index < load.connections() ? curve.timeOfNanos(index) : Long.MAX_VALUE;
    }

    private static ArrivalSchedule of(RateCurve curve, Arrivals arrivals, long seed) {
        return switch (arrivals) {
            case CONSTANT -> curve::timeOfNanos;
            case POISSON -> new Poisson(curve, seed);
        };
    }

    /**
     * Poisson arrivals along a rate curve: with S(i) the sum of i unit-mean exponential gaps, Λ⁻¹(S(i)) is a Poisson process of
     * rate λ(t) (time change of a unit-rate process). The gaps come from the index; their sum is the process itself, so nothing
     * drifts against the curve.
     */
    final class Poisson implements ArrivalSchedule {
        private final RateCurve curve;
        private final long seed;
        private long nextIndex;
        private double unitTime;

        Poisson(RateCurve curve, long seed) {
            this.curve = curve;
            this.seed = seed;
        }

        @Override
        public long dueNanos(long index) {
            while (nextIndex <= index) {
                unitTime -= Math.log(RandomBits.uniform(seed, nextIndex++, DRAW));
            }
            return curve.timeOfNanos(unitTime);
        }
    }
}
