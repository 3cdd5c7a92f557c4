package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.watch.OwnAddresses;
import io.tcplab.loadgen.watch.PassedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Finds out before a run which of a target's addresses takes connections, and how. Of a listener on this host the kernel is asked
 * (sock_diag(7)), so that not one connection is in the server's books that the load did not make; to any other address one connection is
 * made and closed before any counter is read.
 *
 * @param address where the load goes
 * @param sentence what was found
 */
record Preflight(InetSocketAddress address, String sentence) {

    /**
     * Looks at each address in turn until one takes connections; throws CannotRun where none does, unless the run is to go on. Where an
     * observer beside the server will show what becomes of a SYN, one that nobody answered is no reason to stop: a full queue or a SYN
     * backlog without room drops it silently (tcp_conn_request, net/ipv4/tcp_input.c).
     */
    static Preflight of(
            Profile profile, Endpoint asked, List<InetSocketAddress> addresses, boolean keepGoing, boolean observed)
            throws CannotRun {
        checkSources(profile);
        boolean silent = observed;
        List<String> failures = new ArrayList<>();
        List<InetSocketAddress> usable = ofTheSourcesFamily(profile, asked, addresses);
        for (InetSocketAddress address : usable) {
            try {
                String found = look(profile, spokenTo(profile, asked), address);
                return new Preflight(address, sentence(asked, address, addresses, found, failures));
            } catch (IOException e) {
                silent &= e instanceof SocketTimeoutException;
                failures.add(Endpoint.text(address) + ": " + reason(e));
            }
        }
        String nobody = "Nothing accepts connections at " + asked + " (" + String.join("; ", failures) + ")"
                + others(addresses);
        if (!keepGoing && !silent) {
            throw new CannotRun(nobody + ": start the server, or run anyway with --keep-going.");
        }
        return new Preflight(usable.getFirst(), nobody + ".");
    }

    /** A name may have addresses of both families; a source is of one. */
    private static List<InetSocketAddress> ofTheSourcesFamily(
            Profile profile, Endpoint asked, List<InetSocketAddress> addresses) throws CannotRun {
        List<InetAddress> sources = profile.client().sources();
        if (sources.isEmpty()) {
            return addresses;
        }
        InetAddress source = sources.getFirst();
        List<InetSocketAddress> usable = addresses.stream()
                .filter(each -> each.getAddress().getClass() == source.getClass())
                .toList();
        if (usable.isEmpty()) {
            throw new CannotRun("client.sources has " + Endpoint.text(source) + ", and the target " + asked
                    + " has no address of that family: give sources of the other, or none.");
        }
        return usable;
    }

    /** Throws where this host does not have what the profile asks of it. */
    static void checkHost(Profile profile) throws CannotRun {
        InetAddress foreign = OwnAddresses.firstForeign(profile.client().sources());
        if (foreign != null) {
            throw new CannotRun(OwnAddresses.sentence(foreign) + ".");
        }
        Congestion.check(profile.client().congestion());
    }

    private static void checkSources(Profile profile) throws CannotRun {
        for (InetAddress source : profile.client().sources()) {
            if (!source.isAnyLocalAddress() && !OwnAddresses.has(source)) {
                throw new CannotRun("client.sources has " + source.getHostAddress()
                        + ", which is not an address of this host: add it to an interface, or remove it.");
            }
        }
    }

    /** What the first member of the mix that uses this target speaks. */
    private static Protocol spokenTo(Profile profile, Endpoint asked) {
        int number = profile.askedTargets().indexOf(asked);
        MixMember member = profile.routes().stream()
                .filter(route -> route.target() == number)
                .findFirst()
                .map(route -> profile.mix().get(route.member()))
                .orElseGet(() -> profile.mix().getFirst());
        return profile.protocolOf(member);
    }

    private static String look(Profile profile, Protocol protocol, InetSocketAddress address) throws IOException {
        if (!OwnAddresses.has(address.getAddress())) {
            return TrialConnection.make(profile, protocol, address);
        }
        List<ListenerReading> listeners;
        try (SockDiag kernel = SockDiag.open()) {
            listeners = TargetListeners.of(kernel.listeners(address.getPort()), address.getAddress());
        }
        return listeners.isEmpty()
                ? TrialConnection.make(profile, protocol, address)
                        + ", though nothing listens there in this network namespace: the address or port is translated on the way"
                : listens(listeners);
    }

    private static String listens(List<ListenerReading> listeners) {
        ListenerReading worst = listeners.stream()
                .max(Comparator.comparingDouble(ListenerReading::fullness))
                .orElseThrow();
        String limit = worst.acceptQueueLimit() < 0
                ? ""
                : String.format(
                        Locale.ROOT, ", accept queue %,d of %,d", worst.acceptQueueLength(), worst.acceptQueueLimit());
        return "listens on this host"
                + (listeners.size() == 1 ? "" : " with " + listeners.size() + " sockets (SO_REUSEPORT)") + limit;
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case SocketTimeoutException _ -> "no answer to the SYN (ETIMEDOUT)";
            case java.net.NoRouteToHostException _ -> "no route (EHOSTUNREACH)";
            case java.net.ConnectException _ when message.contains("refused") -> "connection refused (ECONNREFUSED)";
            default -> message;
        };
    }

    /** A server that listens on another address of this host, or for IPv6 alone, is easily taken for one that is down. */
    private static String others(List<InetSocketAddress> addresses) {
        return addresses.stream()
                .filter(each -> OwnAddresses.has(each.getAddress()))
                .map(PassedBy::clause)
                .filter(clause -> !clause.isEmpty())
                .findFirst()
                .map(clause -> ", while " + clause)
                .orElse("");
    }

    private static String sentence(
            Endpoint asked,
            InetSocketAddress address,
            List<InetSocketAddress> all,
            String found,
            List<String> failures) {
        String others = all.stream()
                .filter(each -> !each.equals(address))
                .map(each -> Endpoint.text(each.getAddress()))
                .collect(Collectors.joining(", "));
        boolean named = asked.literal().isEmpty();
        return "target " + asked + (named ? " is " + Endpoint.text(address) : "")
                + (others.isEmpty() ? "" : " (of " + Endpoint.text(address.getAddress()) + ", " + others + ")") + ": "
                + found + (failures.isEmpty() ? "" : "; no connection to " + String.join("; ", failures)) + ".";
    }

    /** All addresses of a host in the resolver's order. */
    static List<InetSocketAddress> addresses(InetAddress[] all, int port) {
        return Arrays.stream(all).map(each -> new InetSocketAddress(each, port)).toList();
    }
}
