package io.tcplab.loadgen.watch;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether addresses belong to this host, asked of bind(2) itself: an address of 127.0.0.0/8 needs no interface of its own, and
 * net.ipv4.ip_nonlocal_bind allows any. UDP, so that no TCP port is taken.
 */
public final class OwnAddresses {

    private static final int DISCARD = 9;

    private OwnAddresses() {}

    /** Returns the first to which no socket of the calling thread's namespace can be bound; null = all are ours. */
    public static @Nullable InetAddress firstForeign(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            try (DatagramSocket socket = new DatagramSocket(null)) {
                socket.bind(new InetSocketAddress(address, 0));
            } catch (IOException _) {
                return address;
            }
        }
        return null;
    }

    /**
     * Whether an interface of the calling thread's namespace has the address, or it is one of loopback. The JDK lists IPv6 addresses of the
     * namespace of its first thread (/proc/net/if_inet6); one's own address is what the kernel connects from to it.
     */
    public static boolean has(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null
                    || chosenFor(new InetSocketAddress(address, DISCARD)).contains(address);
        } catch (SocketException _) {
            return false;
        }
    }

    /**
     * The address that the kernel connects from where none is given: a route of UDP's is the same, and sends nothing. Empty where there is
     * no route.
     */
    static Set<InetAddress> chosenFor(InetSocketAddress target) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.connect(target);
            return Set.of(socket.getLocalAddress());
        } catch (IOException _) {
            return Set.of();
        }
    }

    /** Where connect(2) to an address goes: one of all zeros stands for loopback ({@code ip_route_connect}, {@code tcp_v6_connect}). */
    public static InetAddress reachedBy(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return address;
        }
        return InetAddress.ofLiteral(address instanceof Inet4Address ? "127.0.0.1" : "::1");
    }

    /** What is said of it. */
    public static String sentence(InetAddress foreign) {
        return "client.sources: " + foreign.getHostAddress()
                + " is not an address of this host (bind(2) fails with EADDRNOTAVAIL); add it with ip address add, or use another";
    }
}
