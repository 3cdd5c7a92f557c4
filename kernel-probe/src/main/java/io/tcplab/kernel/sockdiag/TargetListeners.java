package io.tcplab.kernel.sockdiag;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the listeners that take a target's connections from others that only have the same port. */
public final class TargetListeners {
    private TargetListeners() {}

    /**
     * Those of {@code listeners} that a connection to {@code target} can come to: one, or the several of SO_REUSEPORT; empty where nobody
     * listens for that address.
     *
     * @param listeners LISTEN sockets of the target's port and namespace
     * @param target the address that clients connect to; null for whichever: then all of them
     */
    public static List<ListenerReading> of(List<ListenerReading> listeners, @Nullable InetAddress target) {
        if (target == null) {
            return List.copyOf(listeners);
        }
        int best =
                listeners.stream().mapToInt(each -> each.rankFor(target)).max().orElse(0);
        return best == 0
                ? List.of()
                : listeners.stream()
                        .filter(each -> each.rankFor(target) == best)
                        .toList();
    }
}
