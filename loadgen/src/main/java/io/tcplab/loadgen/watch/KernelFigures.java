package io.tcplab.loadgen.watch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
     * One side's kernel.
     *
     * @param counters deltas over the run of the counters that moved, by full name: {@code TcpExt.ListenOverflows}, {@code Tcp.ActiveOpens}
     * @param peakStates highest number of sockets seen in each state, by the kernel's name of the state
     * @param statesBefore sockets in each state when observing began, before the first connection
     * @param finalStates sockets in each state at the end; absent where the end was not seen
     * @param acceptQueue of the worst of the target's listeners; absent where there is none
     * @param listeners of the target, the worst first
     * @param timeWait sockets in TIME_WAIT that belong to the run's port
     * @param port that was observed; absent = several
     * @param partialFromSecond when the observer went away, in seconds since the recorded part began: all figures are those until then;
     *     absent where all was seen
     * @param shared whether the other side is in the same namespace: the counters are then those of both
     * @param unobserved the longest time of a second or more, far more than its interval, in which the observer saw nothing, as while it
     *     was stopped; absent where there was none
     */
    public record SideFigures(
            Map<String, Long> counters,
            Map<String, Long> peakStates,
            Map<String, Long> statesBefore,
            @Nullable Map<String, Long> finalStates,
            @Nullable AcceptQueue acceptQueue,
            List<ListenerFigures> listeners,
            TimeWait timeWait,
            @Nullable Integer port,
            @Nullable Double partialFromSecond,
            Boolean shared,
            @Nullable Stretch unobserved) {

        public SideFigures {
            counters = ordered(counters);
            peakStates = ordered(peakStates);
            // A file of an earlier version has none.
            statesBefore = statesBefore == null ? Map.of() : ordered(statesBefore);
            finalStates = finalStates == null ? null : ordered(finalStates);
            // A file of an earlier version has none.
            listeners = listeners == null ? List.of() : List.copyOf(listeners);
            shared = shared != null && shared;
        }

        /** A side that was seen from beginning to end, and whose listeners are not known. */
        public SideFigures(
                Map<String, Long> counters,
                Map<String, Long> peakStates,
                Map<String, Long> finalStates,
                @Nullable AcceptQueue acceptQueue,
                TimeWait timeWait,
                @Nullable Integer port) {
            this(counters, peakStates, finalStates, acceptQueue, List.of(), timeWait, port, null);
        }

        /** A side in a namespace of its own, on which there was no socket before. */
        public SideFigures(
                Map<String, Long> counters,
                Map<String, Long> peakStates,
                @Nullable Map<String, Long> finalStates,
                @Nullable AcceptQueue acceptQueue,
                List<ListenerFigures> listeners,
                TimeWait timeWait,
                @Nullable Integer port,
                @Nullable Double partialFromSecond) {
            this(
                    counters,
                    peakStates,
                    Map.of(),
                    finalStates,
                    acceptQueue,
                    listeners,
                    timeWait,
                    port,
                    partialFromSecond,
                    false,
                    null);
        }

        private SideFigures inOneNamespace(boolean one) {
            return new SideFigures(
                    counters,
                    peakStates,
                    statesBefore,
                    finalStates,
                    acceptQueue,
                    listeners,
                    timeWait,
                    port,
                    partialFromSecond,
                    one,
                    unobserved);
        }

        /** A sole listener took all that were established but those still in its queue; of several it is not known which took how many. */
        private SideFigures after(long established) {
            if (isPartial() || listeners.size() != 1) {
                return this;
            }
            ListenerFigures sole = listeners.getFirst();
            long taken = Math.min(established, counter(KernelCounter.PASSIVE_OPENS)) - sole.last();
            return new SideFigures(
                    counters,
                    peakStates,
                    statesBefore,
                    finalStates,
                    acceptQueue,
                    List.of(sole.having(Math.max(0, taken))),
                    timeWait,
                    port,
                    partialFromSecond,
                    shared,
                    unobserved);
        }

        /**
         * Both together, of two targets in one namespace that were observed at the same time: the counters are the namespace's and those
         * of the first.
         *
         * @param sameSockets whether the other's sockets are those of an address and port that are counted already
         */
        SideFigures with(SideFigures other, boolean sameSockets) {
            return new SideFigures(
                    counters,
                    sameSockets ? peakStates : sum(peakStates, other.peakStates),
                    sameSockets ? statesBefore : sum(statesBefore, other.statesBefore),
                    finalStates == null || other.finalStates == null || sameSockets
                            ? finalStates
                            : sum(finalStates, other.finalStates),
                    AcceptQueue.fuller(acceptQueue, other.acceptQueue),
                    ListenerFigures.together(listeners, other.listeners),
                    sameSockets ? timeWait : timeWait.plus(other.timeWait),
                    Objects.equals(port, other.port) ? port : null,
                    partialFromSecond,
                    shared,
                    unobserved);
        }

        private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
            Map<String, Long> all = new LinkedHashMap<>(one);
            other.forEach((name, count) -> all.merge(name, count, Long::sum));
            return all;
        }

        /** Whether a part of the run was not seen. */
        @JsonIgnore
        public boolean isPartial() {
            return partialFromSecond != null;
        }

        /** Sockets in the state at the end, by the kernel's name of the state; {@code null} where the end was not seen. */
        public @Nullable Long atEnd(String state) {
            return finalStates == null ? null : finalStates.getOrDefault(state, 0L);
        }

        /**
         * The delta under a name that came from outside, such as a threshold's: {@code TcpExt.ListenOverflows}; 0 where it did not move.
         */
        public long counterNamed(String fullName) {
            return counters.getOrDefault(fullName, 0L);
        }

        /** The counter's delta; a counter that did not move is 0. */
        public long counter(KernelCounter counter) {
            return counters.getOrDefault(counter.kernelName(), 0L);
        }
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

    private static Map<String, Long> ordered(Map<String, Long> figures) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
