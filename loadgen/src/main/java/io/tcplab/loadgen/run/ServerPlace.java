package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.plan.CannotRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a server of the user's runs.
 *
 * @param namespace its network namespace; null for the calling thread's
 * @param addresses at which clients may reach it, the best first
 */
record ServerPlace(@Nullable NetworkNamespace namespace, List<InetAddress> addresses) {

    ServerPlace {
        addresses = List.copyOf(addresses);
    }

    /** In the calling thread's namespace, over loopback. */
    static ServerPlace here() {
        return new ServerPlace(null, List.of(literal("127.0.0.1"), literal("::1")));
    }

    /** In this namespace, over loopback. */
    static ServerPlace loopbackOf(NetworkNamespace namespace) {
        return new ServerPlace(namespace, here().addresses());
    }

    private static InetAddress literal(String address) {
        return new InetSocketAddress(address, 0).getAddress();
    }

    /** Every socket that listens on this port there. */
    List<ListenerReading> listeners(int port) throws CannotRun {
        return ask(kernel -> kernel.listeners(port));
    }

    /** Every socket that listens there. */
    List<ListenerReading> listeners() throws CannotRun {
        return ask(SockDiag::listeners);
    }

    private List<ListenerReading> ask(Function<SockDiag, List<ListenerReading>> question) throws CannotRun {
        try {
            return namespace == null ? read(question) : namespace.call(() -> read(question));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The sockets of the server's side cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static List<ListenerReading> read(Function<SockDiag, List<ListenerReading>> question) {
        try (SockDiag kernel = SockDiag.open()) {
            return question.apply(kernel);
        }
    }

    /** Where a client reaches one of those sockets. */
    Optional<InetSocketAddress> reached(List<ListenerReading> listeners, int port) {
        return addresses.stream()
                .filter(address -> !TargetListeners.of(listeners, address).isEmpty())
                .map(address -> new InetSocketAddress(address, port))
                .findFirst();
    }
}
