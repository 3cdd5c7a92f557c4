package io.tcplab.kernel.observe;

import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.host.SocketOwners;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.Slices;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.TargetListeners;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the listeners of a target again and again: their queues each time; owners and somaxconn at first, when other sockets listen than
 * before, when it is asked for, once a second while connections wait in a queue, and every three seconds otherwise. Sees the namespace of
 * the thread that uses it.
 */
public final class ListenerWatch {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

    /** A server without a descriptor may also turn away at once what comes, and keep its queue empty. */
    private static final long LOOK_AGAIN_IDLE_NANOS = 3_000_000_000L;

    private final int port;
    private final @Nullable InetAddress target;
    private final SocketOwners search = new SocketOwners();
    private Map<Long, SocketOwner> owners = Map.of();
    private Set<Long> known = Set.of();
    private Set<Long> limits = Set.of();
    private OptionalLong somaxconn = OptionalLong.empty();
    private long ownersReadNanos;
    private final Map<Long, Long> othersDrops = new HashMap<>();
    private boolean othersKnown;
    private long othersDropped;

    /** {@code target}: the address that clients connect to; null for all listeners of the port. */
    ListenerWatch(int port, @Nullable InetAddress target) {
        this.port = port;
        this.target = target;
    }

    /**
     * The listeners that take connections to a target, at this moment, in the calling thread's namespace; empty where nobody listens.
     *
     * @param target the address that clients connect to; null for all listeners of the port
     */
    public static List<ObservedListener> lookOnce(int port, @Nullable InetAddress target) {
        try (SockDiag diag = SockDiag.open()) {
            return new ListenerWatch(port, target).look(diag, true, Slices.inOnePiece());
        }
    }

    /** {@code closely}: with owners as they are now; {@code slices} are cut between what it looks at. */
    List<ObservedListener> look(SockDiag diag, boolean closely, Slices slices) {
        List<ListenerReading> all = diag.listeners();
        slices.cut();
        List<ListenerReading> listeners = targets(all);
        lookAtOthers(all, listeners);
        Set<Long> inodes = listeners.stream().map(ListenerReading::inode).collect(Collectors.toSet());
        long now = System.nanoTime();
        // A process that is stopped, or without a descriptor, leaves what comes in its queue.
        boolean waits = listeners.stream().anyMatch(each -> each.acceptQueueLength() > 0);
        long lookAgainNanos = waits ? LOOK_AGAIN_NANOS : LOOK_AGAIN_IDLE_NANOS;
        if (closely || !inodes.equals(known) || now - ownersReadNanos >= lookAgainNanos) {
            known = inodes;
            owners = search.of(inodes);
            slices.cut();
            somaxconn = Sysctl.readNumber("net.core.somaxconn");
            ownersReadNanos = now;
        }
        Set<Long> limitsNow =
                listeners.stream().map(ListenerReading::acceptQueueLimit).collect(Collectors.toSet());
        if (!limitsNow.equals(limits)) {
            // Another listen(2) may have followed another setting.
            somaxconn = Sysctl.readNumber("net.core.somaxconn");
            limits = limitsNow;
        }
        return listeners.stream()
                .map(each -> new ObservedListener(
                        each,
                        LimitSetBy.of(each.acceptQueueLimit(), somaxconn),
                        Optional.ofNullable(owners.get(each.inode()))))
                .toList();
    }

    /**
     * What the other listeners of the namespace, of whatever port, have dropped since the first look: {@code sk_drops}, which
     * moves by one or two for each overflow of a queue. {@link ListenerReading#UNKNOWN} where the kernel does not say.
     */
    long othersDropped() {
        return othersDropped;
    }

    /** Looks at the others again: when this is done after counters were read, every overflow among these that was theirs is in it. */
    long othersDroppedNow(SockDiag diag) {
        List<ListenerReading> all = diag.listeners();
        lookAtOthers(all, targets(all));
        return othersDropped;
    }

    private List<ListenerReading> targets(List<ListenerReading> all) {
        return TargetListeners.of(
                all.stream().filter(each -> each.port() == port).toList(), target);
    }

    private void lookAtOthers(List<ListenerReading> all, List<ListenerReading> targets) {
        for (ListenerReading other : all) {
            if (targets.contains(other)) {
                continue;
            }
            if (other.drops() == ListenerReading.UNKNOWN) {
                othersDropped = ListenerReading.UNKNOWN;
                return;
            }
            Long before = othersDrops.put(other.inode(), other.drops());
            // A listener that was not there at the first look began with no drops.
            othersDropped += other.drops() - (before != null ? before : othersKnown ? 0 : other.drops());
        }
        othersKnown = true;
    }
}
