package io.tcplab.kernel.sockdiag;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * A LISTEN socket at one moment.
 *
 * @param address where it listens; an IPv6 socket bound to an IPv4-mapped address has the IPv4 address here
 * @param v6Only whether it is an IPv6 socket that takes no IPv4 connections (IPV6_V6ONLY, ipv6(7)); false without netlink
 * @param acceptQueueLength established connections that wait for accept(); half-open ones are not among them
 * @param acceptQueueLimit min(backlog, somaxconn); the queue is full at one more. {@link #UNKNOWN} without netlink
 * @param drops SYNs and final ACKs that this listener dropped since it began, modulo 2^32. {@link #UNKNOWN} without
 *     netlink
 * @param inode the socket's inode, as in {@code /proc/PID/fd}
 * @param device number of the interface that it takes connections from (SO_BINDTODEVICE, socket(7)); 0 = any, or not known
 */
public record ListenerReading(
        InetSocketAddress address,
        boolean v6Only,
        long acceptQueueLength,
        long acceptQueueLimit,
        long drops,
        long inode,
        int device) {
    /** A figure that the reading could not get. */
    public static final long UNKNOWN = -1;

    /** The number of {@code lo} in each namespace (LOOPBACK_IFINDEX, include/net/flow.h). */
    private static final int LOOPBACK = 1;

    private static final int EXACT_ADDRESS = 6;
    private static final int ANY_ADDRESS = 4;
    private static final int ANY_ADDRESS_OF_THE_OTHER_FAMILY = 2;
    private static final int OF_THE_DEVICE = 1;
    private static final int NEVER = 0;

    /** One that takes connections from any interface. */
    public ListenerReading(
            InetSocketAddress address,
            boolean v6Only,
            long acceptQueueLength,
            long acceptQueueLimit,
            long drops,
            long inode) {
        this(address, v6Only, acceptQueueLength, acceptQueueLimit, drops, inode, 0);
    }

    /** The port it listens on. */
    public int port() {
        return address.getPort();
    }

    /**
     * How the kernel ranks this socket among those of the port when a connection to {@code target} comes: the highest rank takes
     * it, several of the same rank (SO_REUSEPORT) share, 0 never does. A socket bound to the address goes before one bound to
     * any address, and of these an IPv4 one before an IPv6 one that takes IPv4 too ({@code __inet_lookup_listener},
     * {@code compute_score} in {@code net/ipv4/inet_hashtables.c}); of two alike the one that is bound to the interface. A connection to
     * a loopback address comes in by {@code lo}; to another address, by an interface that is not known here.
     */
    int rankFor(InetAddress target) {
        boolean byLoopback = target.isLoopbackAddress();
        if (byLoopback && device != 0 && device != LOOPBACK) {
            return NEVER;
        }
        int rank = rankByAddress(target);
        return rank != NEVER && byLoopback && device == LOOPBACK ? rank + OF_THE_DEVICE : rank;
    }

    private int rankByAddress(InetAddress target) {
        InetAddress own = address.getAddress();
        if (own.isAnyLocalAddress()) {
            if (own.getClass() == target.getClass()) {
                return ANY_ADDRESS;
            }
            boolean dual = own instanceof Inet6Address && target instanceof Inet4Address && !v6Only;
            return dual ? ANY_ADDRESS_OF_THE_OTHER_FAMILY : NEVER;
        }
        // Without the zone: fe80::1%eth0 and fe80::1 are the same bytes.
        return Arrays.equals(own.getAddress(), target.getAddress()) ? EXACT_ADDRESS : NEVER;
    }

    /** How full its queue is: 1 at the limit + 1 that it holds; 0 where the limit is not known. */
    public double fullness() {
        return acceptQueueLimit < 0 ? 0 : acceptQueueLength / (acceptQueueLimit + 1.0);
    }
}
