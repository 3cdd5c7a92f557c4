package io.tcplab.kernel.sockdiag;

import java.net.InetSocketAddress;

/**
 * A LISTEN socket at one moment.
 *
 * @param address where it listens
 * @param acceptQueueLength established connections that wait for accept(); half-open ones are not among them
 * @param acceptQueueLimit min(backlog, somaxconn); the queue is full at one more. {@link #UNKNOWN} without netlink
 * @param drops SYNs and final ACKs that this listener dropped since it began, modulo 2^32. {@link #UNKNOWN} without
 *     netlink
 * @param inode the socket's inode, as in {@code /proc/PID/fd}
 */
public record ListenerReading(
        InetSocketAddress address, long acceptQueueLength, long acceptQueueLimit, long drops, long inode) {
    /** A figure that the reading could not get. */
    public static final long UNKNOWN = -1;

    /** The port it listens on. */
    public int port() {
        return address.getPort();
    }
}
