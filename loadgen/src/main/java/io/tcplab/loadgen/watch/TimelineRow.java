package io.tcplab.loadgen.watch;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One interval of one side.
 *
 * @param second its beginning, since the recorded part began
 * @param load what the generator recorded; absent for the server and for rows of the kernel alone
 * @param kernel what the kernel of this side showed at the end of the interval; absent when it was not observed
 */
public record TimelineRow(
        double second,
        Side side,
        @Nullable Load load,
        @Nullable Kernel kernel) {

    /**
     * What the generator recorded in one interval; latencies in microseconds, absent without samples.
     *
     * @param started connections begun
     * @param completed connections that ended as planned
     * @param errors connections that ended otherwise
     * @param inFlight connections open at the interval's end
     * @param exchanges requests answered
     * @param exchangeErrors requests answered otherwise than expected, or not at all
     */
    public record Load(
            long started,
            long completed,
            long errors,
            long inFlight,
            long exchanges,
            long exchangeErrors,
            Map<Metric, Percentiles> percentiles) {

        public Load {
            percentiles = Map.copyOf(percentiles);
        }

        /** Sums an interval's members. */
        public static Load of(IntervalReading reading) {
            LedgerReading sum = reading.counts().values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
            Map<Metric, Percentiles> percentiles = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                Histogram all = IntervalReading.together(reading.latencies(), metric);
                if (all != null) {
                    percentiles.put(metric, Percentiles.of(all));
                }
            }
            return new Load(
                    sum.started(),
                    sum.outcome(ConnectionOutcome.COMPLETED),
                    sum.errors(),
                    reading.inFlight(),
                    sum.exchanges(),
                    sum.unexpected() + sum.lost(),
                    percentiles);
        }
    }

    /** What the timeline tells of a metric's interval, in microseconds: computed each second, so nothing that is not told. */
    public record Percentiles(double p50Micros, double p99Micros) {

        /** Those of a histogram of nanoseconds, which must have samples. */
        public static Percentiles of(Histogram nanos) {
            return new Percentiles(nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(99) / 1e3);
        }
    }

    /**
     * What the kernel of one side showed.
     *
     * @param acceptQueueLength absent where no listener is observed
     * @param acceptQueueLimit likewise
     * @param states sockets by the kernel's name of their state, TIME_WAIT and SYN_RECV among them; empty when not read this time
     * @param counters differences over the interval, by full name
     * @param observeCostMicros what this observation took
     */
    public record Kernel(
            @Nullable Long acceptQueueLength,
            @Nullable Long acceptQueueLimit,
            Map<String, Long> states,
            Map<String, Long> counters,
            double observeCostMicros) {

        /** Counted more rarely than the others. */
        private static final Set<String> RARE = Set.of(TcpState.ESTABLISHED.name(), TcpState.TIME_WAIT.name());

        public Kernel {
            states = Map.copyOf(states);
            counters = Map.copyOf(counters);
        }

        /** This interval and the next as one: gauges as they were last read, counters added. */
        public Kernel then(Kernel next) {
            boolean listens = next.acceptQueueLength != null;
            Map<String, Long> moved = new HashMap<>(counters);
            next.counters.forEach((name, delta) -> moved.merge(name, delta, Long::sum));
            return new Kernel(
                    listens ? next.acceptQueueLength : acceptQueueLength,
                    listens ? next.acceptQueueLimit : acceptQueueLimit,
                    next.statesAfter(states),
                    moved,
                    observeCostMicros + next.observeCostMicros);
        }

        /**
         * How many sockets are known to be in each state after this look, {@code known} before it. A state that is not named has none, but
         * for those that are counted more rarely: they are known anew in a look that counted TIME_WAIT.
         */
        public Map<String, Long> statesAfter(Map<String, Long> known) {
            if (states.isEmpty()) {
                return known;
            }
            boolean all = states.containsKey(TcpState.TIME_WAIT.name());
            Map<String, Long> now = new HashMap<>(known);
            now.replaceAll((state, count) -> all || !RARE.contains(state) ? Long.valueOf(0) : count);
            now.putAll(states);
            return now;
        }
    }
}
