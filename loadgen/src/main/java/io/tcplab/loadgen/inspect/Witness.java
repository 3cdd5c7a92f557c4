package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.host.SocketOwners;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.SocketFilter;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.watch.OwnAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this host's kernel knows of a server: its listener, its sockets, its process. The server is in our own network namespace, or in one
 * that may be entered. Any thread may ask.
 */
public final class Witness {

    private final int port;
    private final @Nullable InetAddress address;
    private final Supplier<@Nullable NetworkNamespace> place;
    private final SocketOwners owners = new SocketOwners();

    private Witness(int port, @Nullable InetAddress address, Supplier<@Nullable NetworkNamespace> place) {
        this.port = port;
        this.address = address;
        this.place = place;
    }

    /** Empty where the server is another host's or another namespace's. */
    static Optional<Witness> of(InetSocketAddress server) {
        Witness witness = new Witness(server.getPort(), server.getAddress(), () -> null);
        boolean ours = OwnAddresses.firstForeign(List.of(server.getAddress())) == null;
        return ours && !witness.listeners().isEmpty() ? Optional.of(witness) : Optional.empty();
    }

    /** Of a server in another namespace, by the port on which it listens there; what {@code place} gives may become another one. */
    static Witness there(int port, Supplier<@Nullable NetworkNamespace> place) {
        return new Witness(port, null, place);
    }

    private <T> T look(Callable<T> work) {
        NetworkNamespace namespace = place.get();
        try {
            return namespace == null ? work.call() : namespace.call(work);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException("the server's namespace cannot be read", e));
        }
    }

    /** The listeners that take this server's connections. */
    public List<ListenerReading> listeners() {
        return look(() -> {
            try (SockDiag kernel = SockDiag.open()) {
                return TargetListeners.of(kernel.listeners(port), address);
            }
        });
    }

    /** What set the limit of a listener's accept queue, in words. */
    public String setBy(ListenerReading listener) {
        OptionalLong somaxconn = look(() -> Sysctl.readNumber("net.core.somaxconn"));
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
        return sockets().stream()
                .filter(each -> each.remote().getPort() == client.getPort()
                        && each.remote().getAddress().equals(client.getAddress()))
                .findFirst();
    }

    /** Every socket of the server's port, listeners too. */
    public List<SocketReading> sockets() {
        return look(() -> {
            try (SockDiag kernel = SockDiag.open()) {
                return kernel.sockets(SocketFilter.localPort(port), SockDiag.ALL_STATES);
            }
        });
    }

    /** The process that holds the first listener; empty where that is hidden from us. */
    public synchronized Optional<SocketOwner> owner() {
        Optional<Long> first = listeners().stream().map(ListenerReading::inode).findFirst();
        Map<Long, SocketOwner> all = owners.of(inodes());
        return first.flatMap(inode -> Optional.ofNullable(all.get(inode)));
    }

    /** How many descriptors all processes have open that hold a listener: a master and its workers, or workers by SO_REUSEPORT. */
    public synchronized OptionalLong descriptors() {
        return owners.descriptors(inodes());
    }

    private Set<Long> inodes() {
        return listeners().stream().map(ListenerReading::inode).collect(Collectors.toSet());
    }

    /** The listener in words. */
    public String words(ListenerReading listener) {
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
