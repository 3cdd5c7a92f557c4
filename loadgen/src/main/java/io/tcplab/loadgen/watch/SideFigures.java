package io.tcplab.loadgen.watch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
        KernelFigures.@Nullable AcceptQueue acceptQueue,
        List<ListenerFigures> listeners,
        KernelFigures.TimeWait timeWait,
        @Nullable Integer port,
        @Nullable Double partialFromSecond,
        Boolean shared,
        KernelFigures.@Nullable Stretch unobserved) {

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
            KernelFigures.@Nullable AcceptQueue acceptQueue,
            KernelFigures.TimeWait timeWait,
            @Nullable Integer port) {
        this(counters, peakStates, finalStates, acceptQueue, List.of(), timeWait, port, null);
    }

    /** A side in a namespace of its own, on which there was no socket before. */
    public SideFigures(
            Map<String, Long> counters,
            Map<String, Long> peakStates,
            @Nullable Map<String, Long> finalStates,
            KernelFigures.@Nullable AcceptQueue acceptQueue,
            List<ListenerFigures> listeners,
            KernelFigures.TimeWait timeWait,
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

    SideFigures inOneNamespace(boolean one) {
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
    SideFigures after(long established) {
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
                KernelFigures.AcceptQueue.fuller(acceptQueue, other.acceptQueue),
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

    private static Map<String, Long> ordered(Map<String, Long> figures) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
