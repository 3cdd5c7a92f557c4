package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.Side;

/**
 * The sockets of one port by state and side, of both address families, seen from one namespace.
 *
 * @param port the server's port
 * @param server sockets whose local port it is: the listener and what it accepted
 * @param client sockets whose remote port it is: what connected to it from this namespace
 */
public record PortCounts(int port, StateCounts server, StateCounts client) {
    /** The sockets of {@code side}. */
    public StateCounts of(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /** Whether both counts are. */
    public boolean exact() {
        return server.exact() && client.exact();
    }
}
