package io.tcplab.loadgen.watch;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether addresses belong to this host, asked of bind(2) itself: an address of 127.0.0.0/8 needs no interface of its own, and
 * net.ipv4.ip_nonlocal_bind allows any. UDP, so that no TCP port is taken.
 */
public final class OwnAddresses {

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

    /** Whether an interface of the calling thread's namespace has the address, or it is one of loopback. */
    public static boolean has(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return false;
        }
    }

    /** What is said of it. */
    public static String sentence(InetAddress foreign) {
        return "client.sources: " + foreign.getHostAddress()
                + " is not an address of this host (bind(2) fails with EADDRNOTAVAIL); add it with ip address add, or use another";
    }
}
