package io.tcplab.loadgen.watch;

import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What listeners dropped that are not the target's, where an observer watches all of a port: those of other ports, which it has added
 * up, and those that have the same port on another address. Observations come in their order.
 */
final class OthersDropped {

    private final Map<Long, Long> lastDrops = new HashMap<>();
    private long samePort;
    private boolean known = true;
    private boolean first = true;

    /** As of this observation; {@link ListenerReading#UNKNOWN} where it cannot be known. */
    long with(Observation there, List<ObservedListener> ofTarget) {
        for (ObservedListener listener : there.listeners()) {
            if (ofTarget.contains(listener)) {
                continue;
            }
            long drops = listener.socket().drops();
            known &= drops != ListenerReading.UNKNOWN;
            Long before = lastDrops.put(listener.socket().inode(), drops);
            // A listener that was not there at the first look began with no drops.
            samePort += drops - (before != null ? before : first ? drops : 0);
        }
        first = false;
        return known && there.otherListenerDrops() != ListenerReading.UNKNOWN
                ? there.otherListenerDrops() + samePort
                : ListenerReading.UNKNOWN;
    }
}
