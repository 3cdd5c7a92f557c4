package io.tcplab.kernel.observe;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.sockdiag.PortCounts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel of one side said at one moment about one port.
 *
 * @param atNanos {@code System.nanoTime()} when the sample began
 * @param wallMillis wall clock at the same moment, milliseconds since 1970
 * @param acceptQueueLength connections that wait for accept(), of all listeners of the port; 0 without a listener
 * @param acceptQueueLimit their limits together; -1 if it cannot be known, 0 without a listener
 * @param listenerDrops what these listeners dropped since they began; -1 if it cannot be known
 * @param sockets the namespace's totals, fresh in every sample
 * @param states sockets of the port by side and state, if this sample took them
 * @param allStates whether {@code states} has ESTABLISHED and TIME_WAIT too, which are counted more rarely
 * @param counterDeltas counters that moved since the sample before, by their kernel names
 * @param costNanos CPU time that this sample took
 */
public record Observation(
        long atNanos,
        long wallMillis,
        long acceptQueueLength,
        long acceptQueueLimit,
        long listenerDrops,
        SocketStat sockets,
        Optional<PortCounts> states,
        boolean allStates,
        Map<String, Long> counterDeltas,
        long costNanos) {
    /** Copies the map, in its order. */
    public Observation {
        counterDeltas = Collections.unmodifiableMap(new LinkedHashMap<>(counterDeltas));
    }

    /** Half-open connections at the port's listener, if this sample counted them. */
    public OptionalInt synQueueLength() {
        return states.map(counts -> OptionalInt.of(counts.server().count(TcpState.SYN_RECV)))
                .orElse(OptionalInt.empty());
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
