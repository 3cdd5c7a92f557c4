package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.host.SocketOwners;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.SocketFilter;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.watch.OwnAddresses;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What this host's kernel knows of a server in our own network namespace: its listener, its sockets, its process. Any thread may ask. */
public final class Witness {

    private final InetSocketAddress server;
    private final SocketOwners owners = new SocketOwners();

    private Witness(InetSocketAddress server) {
        this.server = server;
    }

    /** Empty where the server is another host's or another namespace's. */
    static Optional<Witness> of(InetSocketAddress server) {
        boolean ours = OwnAddresses.firstForeign(List.of(server.getAddress())) == null;
        return ours && !listeners(server).isEmpty() ? Optional.of(new Witness(server)) : Optional.empty();
    }

    private static List<ListenerReading> listeners(InetSocketAddress server) {
        try (SockDiag kernel = SockDiag.open()) {
            return TargetListeners.of(kernel.listeners(server.getPort()), server.getAddress());
        }
    }

    /** The listeners that take this server's connections. */
    public List<ListenerReading> listeners() {
        return listeners(server);
    }

    /** What set the limit of a listener's accept queue, in words. */
    public static String setBy(ListenerReading listener) {
        OptionalLong somaxconn = Sysctl.readNumber("net.core.somaxconn");
        return LimitSetBy.of(listener.acceptQueueLimit(), somaxconn)
                .map(by -> switch (by) {
                    case LISTEN -> "the listen() backlog";
                    case SOMAXCONN -> "net.core.somaxconn";
                    case EARLIER_SOMAXCONN -> "net.core.somaxconn before it was lowered";
                })
                .orElse("what is not known");
    }

    /** The server's end of a connection, whichever its state; empty where it has none, or none any more. */
    public Optional<SocketReading> socket(InetSocketAddress client) {
        try (SockDiag kernel = SockDiag.open()) {
            return kernel.sockets(SocketFilter.localPort(server.getPort()), SockDiag.ALL_STATES).stream()
                    .filter(each -> each.remote().getPort() == client.getPort()
                            && each.remote().getAddress().equals(client.getAddress()))
                    .findFirst();
        }
    }

    /** The process that holds the listener, and its descriptors now; empty where that is hidden from us. */
    public synchronized Optional<SocketOwner> owner() {
        List<ListenerReading> listeners = listeners();
        return listeners.isEmpty()
                ? Optional.empty()
                : owners.of(Set.of(listeners.getFirst().inode())).values().stream()
                        .findFirst();
    }

    /** The listener in words. */
    public static String words(ListenerReading listener) {
        return listener.acceptQueueLimit() < 0
                ? "a listener on this host"
                : String.format(
                        Locale.ROOT,
                        "a listener on this host: accept queue %d of %d, set by %s",
                        listener.acceptQueueLength(),
                        listener.acceptQueueLimit(),
                        setBy(listener));
    }
}
