package io.tcplab.loadgen.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** When connections start. */
public sealed interface Load {

    /** The share of generator {@code number} of {@code of}. */
    default Load share(int number, int of) {
        return switch (this) {
            case Open open ->
                new Open(
                        open.segments().stream()
                                .map(segment -> new RateSegment(
                                        segment.fromPerSecond() / of,
                                        segment.toPerSecond() / of,
                                        segment.lengthNanos()))
                                .toList(),
                        open.arrivals());
            case Closed closed -> new Closed((int) Profile.part(closed.concurrency(), number, of));
            case Hold hold ->
                new Hold((int) Profile.part(hold.connections(), number, of), hold.rampNanos(), hold.reopenNanos());
            case Requests requests ->
                new Requests(
                        requests.perSecond() / of,
                        (int) Profile.part(requests.connections(), number, of),
                        requests.arrivals());
        };
    }

    /** How many generators can have a share that is not empty. */
    default int mostShares() {
        return switch (this) {
            case Open _ -> Integer.MAX_VALUE;
            case Closed closed -> closed.concurrency();
            case Hold hold -> hold.connections();
            case Requests requests -> requests.connections();
        };
    }

    /** Arrivals by the clock, whatever became of the previous ones. */
    record Open(List<RateSegment> segments, Arrivals arrivals) implements Load {
        public Open {
            segments = List.copyOf(segments);
        }
    }

    /** A new connection starts when one of {@code concurrency} slots falls free. */
    record Closed(int concurrency) implements Load {}

    /**
     * {@code connections} are opened evenly over the ramp, and held until the run ends.
     *
     * @param reopenNanos after which one that ended before is opened again; absent = never
     */
    record Hold(int connections, long rampNanos, @Nullable Long reopenNanos) implements Load {}

    /**
     * Exchanges by the clock over connections that are kept: an exchange that is due waits for a free one, and its response time counts
     * from when it was due.
     *
     * @param perSecond exchanges
     * @param connections that are kept open; one that ends is replaced
     */
    record Requests(double perSecond, int connections, Arrivals arrivals) implements Load {

        /** When exchanges are due, as the arrivals of an open loop. */
        public Open schedule() {
            return new Open(List.of(new RateSegment(perSecond, perSecond, Long.MAX_VALUE)), arrivals);
        }
    }

    /** How the arrivals of an open loop are spread over time. */
    enum Arrivals {
        /** Evenly. */
        CONSTANT,
        /** As a Poisson process: exponentially distributed gaps. */
        POISSON
    }

    /**
     * A stretch of an open loop's rate; from one rate to the other in a straight line.
     *
     * @param fromPerSecond rate at its beginning, connections per second
     * @param toPerSecond rate at its end; equal to {@code fromPerSecond} in a step
     * @param lengthNanos how long; {@link Long#MAX_VALUE} = until the run ends
     */
    record RateSegment(double fromPerSecond, double toPerSecond, long lengthNanos) {}
}
