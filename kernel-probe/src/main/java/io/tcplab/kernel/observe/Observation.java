package io.tcplab.kernel.observe;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.PortCounts;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel of one side said at one moment about one port.
 *
 * @param atNanos {@code System.nanoTime()} when the sample began
 * @param wallMillis wall clock at the same moment, milliseconds since 1970
 * @param listeners those that take the target's connections, or all of the port where no address is watched; empty without one
 * @param otherListenerDrops what other listeners of the namespace dropped since the observer began; -1 if it cannot be known
 * @param sockets the namespace's totals, fresh in every sample
 * @param states sockets of the port by side and state, if this sample took them
 * @param allStates whether {@code states} has ESTABLISHED and TIME_WAIT too, which are counted more rarely
 * @param counterDeltas counters that moved since the sample before, by their kernel names
 * @param costNanos CPU time that this sample took
 */
public record Observation(
        long atNanos,
        long wallMillis,
        List<ObservedListener> listeners,
        long otherListenerDrops,
        SocketStat sockets,
        Optional<PortCounts> states,
        boolean allStates,
        Map<String, Long> counterDeltas,
        long costNanos) {
    /** Copies the collections, in their order. */
    public Observation {
        listeners = List.copyOf(listeners);
        counterDeltas = Collections.unmodifiableMap(new LinkedHashMap<>(counterDeltas));
    }

    /** The same with other deltas. */
    public Observation withCounterDeltas(Map<String, Long> deltas) {
        return new Observation(
                atNanos, wallMillis, listeners, otherListenerDrops, sockets, states, allStates, deltas, costNanos);
    }

    /** Of the listeners the one whose queue is fullest by its limit. */
    public Optional<ListenerReading> fullestListener() {
        return listeners.stream()
                .map(ObservedListener::socket)
                .max(Comparator.comparingDouble(ListenerReading::fullness)
                        .thenComparingLong(ListenerReading::acceptQueueLength));
    }

    /** Connections that wait for accept() at {@link #fullestListener}; 0 without a listener. */
    public long acceptQueueLength() {
        return fullestListener().map(ListenerReading::acceptQueueLength).orElse(0L);
    }

    /** The limit of that queue; -1 if it cannot be known, 0 without a listener. */
    public long acceptQueueLimit() {
        return fullestListener().map(ListenerReading::acceptQueueLimit).orElse(0L);
    }

    /** What the listeners together dropped since they began; -1 if it cannot be known. */
    public long listenerDrops() {
        long sum = 0;
        for (ObservedListener listener : listeners) {
            long drops = listener.socket().drops();
            if (drops == ListenerReading.UNKNOWN) {
                return ListenerReading.UNKNOWN;
            }
            sum += drops;
        }
        return sum;
    }

    /** TIME_WAITs of the port held by its server side, if this sample counted them. */
    public OptionalInt serverTimeWaitCount() {
        return whole().map(counts -> OptionalInt.of(counts.server().count(TcpState.TIME_WAIT)))
                .orElse(OptionalInt.empty());
    }

    /** TIME_WAITs of the port held by its client side, if this sample counted them. */
    public OptionalInt clientTimeWaitCount() {
        return whole().map(counts -> OptionalInt.of(counts.client().count(TcpState.TIME_WAIT)))
                .orElse(OptionalInt.empty());
    }

    /** TIME_WAITs of the whole namespace, of any port, with orphaned FIN_WAIT2; known in every sample. */
    public long timeWaitCount() {
        return sockets.timeWait();
    }

    private Optional<PortCounts> whole() {
        return allStates ? states : Optional.empty();
    }
}
