package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.Datagram.Progress;
import io.tcplab.kernel.sockdiag.Datagram.Visitor;
import io.tcplab.kernel.syscall.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel for its TCP sockets over netlink (sock_diag(7)), both address families at once.
 *
 * <p>It sees the network namespace of the thread that opened it, for as long as it lives, and is used by one thread at a
 * time. Where netlink is refused it reads /proc/thread-self/net/tcp and tcp6 instead, of the calling thread's namespace,
 * which knows neither accept-queue limits nor drops.
 *
 * <p>A dump that the kernel marks as interrupted, or of which something was lost, is repeated; counts that stay doubtful
 * say so ({@link StateCounts#exact}), and lists then throw UncheckedIOException, as every method does when the kernel
 * gives no answer.
 */
public final class SockDiag implements AutoCloseable {
    /** Every state that a connection or a listener can be in. */
    public static final Set<TcpState> ALL_STATES = Set.copyOf(EnumSet.range(TcpState.ESTABLISHED, TcpState.CLOSING));

    private static final int TRIES = 3;

    private final @Nullable DiagSocket socket;

    /** Whether each address family is asked for by itself, as kernels without the older request need. */
    private final boolean byFamily;

    /** Reads /proc where {@code socket} is absent. */
    SockDiag(@Nullable DiagSocket socket, boolean byFamily) {
        this.socket = socket;
        this.byFamily = byFamily;
    }

    /** Opens it in the calling thread's network namespace. Never fails: without netlink it falls back to /proc. */
    public static SockDiag open() {
        DiagSocket.Opened opened = DiagSocket.open();
        if (opened.errno().ok()) {
            DiagSocket socket = opened.socket();
            for (boolean byFamily : new boolean[] {false, true}) {
                SockDiag diag = new SockDiag(socket, byFamily);
                if (diag.once(request(SocketFilter.all(), TcpState.LISTEN.mask(), 0), _ -> {}, null)
                        .errno
                        .ok()) {
                    return diag;
                }
            }
            socket.close();
        }
        return new SockDiag(null, false);
    }

    /** Every LISTEN socket. */
    public List<ListenerReading> listeners() {
        return listeners(SocketFilter.all());
    }

    /** The LISTEN sockets of a port: several with SO_REUSEPORT, or with one for each address. */
    public List<ListenerReading> listeners(int port) {
        return listeners(SocketFilter.localPort(port));
    }

    /** The LISTEN socket of a port; of several, the one whose accept queue is fullest. */
    public Optional<ListenerReading> listener(int port) {
        return listeners(port).stream()
                .reduce((one, other) -> other.acceptQueueLength() > one.acceptQueueLength() ? other : one);
    }

    private List<ListenerReading> listeners(SocketFilter filter) {
        List<ListenerReading> listeners = new ArrayList<>();
        if (socket == null) {
            for (SocketReading listener : ProcTcp.read(filter, TcpState.LISTEN.mask())) {
                listeners.add(new ListenerReading(
                        listener.local(),
                        false,
                        listener.receiveQueue(),
                        ListenerReading.UNKNOWN,
                        ListenerReading.UNKNOWN,
                        listener.inode()));
            }
            return listeners;
        }
        DiagRequest request = request(filter, TcpState.LISTEN.mask(), DiagRequest.WITH_DROPS);
        whole(repeat(request, listeners::clear, message -> listeners.add(message.listener())));
        return listeners;
    }

    /** Counts the sockets that match by state; allocates nothing for each. */
    public StateCounts counts(SocketFilter filter) {
        return counts(filter, ALL_STATES);
    }

    /** As {@link #counts(SocketFilter)}, of some states: without TIME_WAIT and ESTABLISHED it is far cheaper. */
    public StateCounts counts(SocketFilter filter, Set<TcpState> states) {
        StateTally tally = new StateTally(-1, null);
        boolean exact = tally(filter, mask(states), tally, null);
        return new StateCounts(tally.server, exact);
    }

    /** Counts the sockets of a port by side and state, in one pass over the kernel's table. */
    public PortCounts portCounts(int port) {
        return portCounts(port, ALL_STATES);
    }

    /** As {@link #portCounts(int)}, of some states. */
    public PortCounts portCounts(int port, Set<TcpState> states) {
        return portCounts(port, null, states);
    }

    /**
     * As {@link #portCounts(int, Set)}, without the sockets of other servers that have the same port number.
     *
     * @param target the address that clients connect to; null for every address
     */
    public PortCounts portCounts(int port, @Nullable InetAddress target, Set<TcpState> states) {
        return portCounts(port, target, SocketFilter.eitherPort(port), states, null);
    }

    /**
     * As {@link #portCounts(int, InetAddress, Set)}, with a pause after each slice that the walk takes, and behind it. The kernel gives the
     * sockets of all ports then: it would come past those of others without a pause.
     */
    public PortCounts portCountsInSlices(int port, @Nullable InetAddress target, Set<TcpState> states, Slices slices) {
        PortCounts counts = portCounts(port, target, SocketFilter.all(), states, slices);
        slices.end();
        return counts;
    }

    private PortCounts portCounts(
            int port,
            @Nullable InetAddress target,
            SocketFilter filter,
            Set<TcpState> states,
            @Nullable Slices slices) {
        StateTally tally = new StateTally(port, TargetAddress.of(target));
        boolean exact = tally(filter, mask(states), tally, slices);
        return new PortCounts(port, new StateCounts(tally.server, exact), new StateCounts(tally.client, exact));
    }

    /** Lists the sockets that match and are in one of these states. */
    public List<SocketReading> sockets(SocketFilter filter, Set<TcpState> states) {
        return sockets(filter, states, 0);
    }

    /** As {@link #sockets}, with TCP_INFO of those that have it. */
    public List<SocketReading> socketsWithInfo(SocketFilter filter, Set<TcpState> states) {
        return sockets(filter, states, DiagRequest.WITH_INFO);
    }

    private List<SocketReading> sockets(SocketFilter filter, Set<TcpState> states, int extensions) {
        if (socket == null) {
            return ProcTcp.read(filter, mask(states));
        }
        List<SocketReading> sockets = new ArrayList<>();
        DiagRequest request = request(filter, mask(states), extensions);
        whole(repeat(request, sockets::clear, message -> sockets.add(message.socket())));
        return sockets;
    }

    private boolean tally(SocketFilter filter, int stateMask, StateTally tally, @Nullable Slices slices) {
        if (socket != null) {
            return !repeat(request(filter, stateMask, 0), tally::clear, tally, slices).disturbed;
        }
        for (SocketReading each : ProcTcp.read(filter, stateMask)) {
            tally.add(each);
        }
        return true;
    }

    /** Repeats a disturbed dump a few times; {@code restart} forgets what the one before it collected. */
    private Progress repeat(DiagRequest request, Runnable restart, Visitor visitor) {
        return repeat(request, restart, visitor, null);
    }

    private Progress repeat(DiagRequest request, Runnable restart, Visitor visitor, @Nullable Slices slices) {
        Progress progress = once(request, visitor, slices);
        for (int tries = 1; progress.disturbed && progress.errno.ok() && tries < TRIES; tries++) {
            restart.run();
            progress = once(request, visitor, slices);
        }
        if (!progress.errno.ok()) {
            throw new UncheckedIOException(new IOException("sock_diag: " + progress.errno));
        }
        return progress;
    }

    private Progress once(DiagRequest request, Visitor visitor, @Nullable Slices slices) {
        DiagSocket netlink = socket;
        if (netlink == null) {
            throw new IllegalStateException("no netlink here");
        }
        if (!byFamily) {
            return netlink.dump(request, visitor, slices);
        }
        Progress four = netlink.dump(request.withFamily(DiagRequest.AF_INET), visitor, slices);
        if (!four.errno.ok()) {
            return four;
        }
        Progress six = netlink.dump(request.withFamily(DiagRequest.AF_INET6), visitor, slices);
        six.disturbed |= four.disturbed;
        // A kernel without IPv6 has no sockets of it to list.
        six.errno = six.errno == Errno.ENOENT ? Errno.OK : six.errno;
        return six;
    }

    private static void whole(Progress progress) {
        if (progress.disturbed) {
            throw new UncheckedIOException(new IOException("sock_diag: the list was disturbed " + TRIES + " times"));
        }
    }

    private static DiagRequest request(SocketFilter filter, int stateMask, int extensions) {
        return new DiagRequest(DiagRequest.BOTH, filter, stateMask, extensions);
    }

    private static int mask(Set<TcpState> states) {
        int mask = 0;
        for (TcpState state : states) {
            mask |= state.mask();
        }
        return mask;
    }

    /** Closes the netlink socket. */
    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
