package io.tcplab.loadgen.watch;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.kernel.Side;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel of each side counted during the run; a side that was not observed is absent.
 *
 * @param client the generator's side
 * @param server the target's side
 */
public record KernelFigures(
        @Nullable SideFigures client, @Nullable SideFigures server) {

    /** Neither side was observed. */
    public static final KernelFigures NOT_OBSERVED = new KernelFigures(null, null);

    /** The same, where both sides are one namespace or not. */
    KernelFigures inOneNamespace(boolean shared) {
        return new KernelFigures(
                client == null ? null : client.inOneNamespace(shared),
                server == null ? null : server.inOneNamespace(shared));
    }

    /** The same, after {@code established} connections of ours to the one target, warm-up included. */
    public KernelFigures after(long established) {
        return server == null ? this : new KernelFigures(client, server.after(established));
    }

    /** What was counted on {@code side}; absent where it was not observed. */
    public @Nullable SideFigures of(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /**
     * A listener's accept queue: connections that are established and not yet accepted.
     *
     * @param limit min(backlog, somaxconn) as the kernel granted it; the queue holds one more (listen(2))
     * @param peak longest seen, or limit + 1 where an overflow proves it
     * @param p99 length that 99% of the observations did not exceed
     * @param setBy what set the limit: {@code listen}, {@code somaxconn} or {@code earlierSomaxconn}; absent where it is not known
     * @param nothingAccepted the longest time of a second or more in which connections waited and none was accepted, by any of the target's
     *     listeners or, where there was no such time, by one of them; absent where there was neither
     */
    public record AcceptQueue(
            long limit,
            long peak,
            double p99,
            @Nullable String setBy,
            @Nullable Stretch nothingAccepted) {

        /** A queue of which it is not known what set its limit. */
        public AcceptQueue(long limit, long peak, double p99) {
            this(limit, peak, p99, null, null);
        }

        /** The fuller one by its limit; absent where there is neither. */
        public static @Nullable AcceptQueue fuller(@Nullable AcceptQueue one, @Nullable AcceptQueue other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return (double) other.peak / (other.limit + 1) > (double) one.peak / (one.limit + 1) ? other : one;
        }

        /** That of a listener; absent where its limit is not known. */
        static @Nullable AcceptQueue of(ListenerFigures listener, @Nullable Stretch nothingAccepted) {
            Long limit = listener.limit();
            return limit == null
                    ? null
                    : new AcceptQueue(limit, listener.peak(), listener.p99(), listener.setBy(), nothingAccepted);
        }
    }

    /**
     * A part of the run, in seconds since the recorded part began.
     *
     * @param listener that accepted nothing, where the target has several; absent where connections waited in the queues of more
     */
    public record Stretch(
            double fromSecond, double toSecond, @Nullable String listener) {

        /** Of a target with one listener. */
        public Stretch(double fromSecond, double toSecond) {
            this(fromSecond, toSecond, null);
        }

        /** The longer of two; absent where there is neither. */
        public static @Nullable Stretch longer(@Nullable Stretch one, @Nullable Stretch other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return other.toSecond - other.fromSecond > one.toSecond - one.fromSecond ? other : one;
        }
    }

    /**
     * Sockets in TIME_WAIT.
     *
     * @param peak most seen
     * @param last at the end of the run; {@code final} in JSON; absent where the end was not seen
     */
    public record TimeWait(
            long peak, @JsonProperty("final") @Nullable Long last) {

        /** Both together; the sum of the peaks is an upper bound. */
        TimeWait plus(TimeWait other) {
            return new TimeWait(
                    peak + other.peak, last == null || other.last == null ? null : Long.valueOf(last + other.last));
        }
    }
}
