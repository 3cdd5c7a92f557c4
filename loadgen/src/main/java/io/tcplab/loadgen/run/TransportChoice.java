package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.wire.EpollWires;
import io.tcplab.loadgen.connection.wire.UringWires;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.ClientOptions.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What serves the connections of a run, and why.
 *
 * @param transport never {@link Transport#AUTO}
 * @param reason a clause for {@code environment.json}
 */
record TransportChoice(Transport transport, String reason) {

    private static final String ASKED = "client.transport asks for it";

    /** What serves {@code client} here. */
    static TransportChoice of(ClientOptions client) {
        return switch (client.transport()) {
            case EPOLL -> new TransportChoice(Transport.EPOLL, ASKED);
            case IO_URING -> new TransportChoice(Transport.IO_URING, ASKED);
            case AUTO -> new TransportChoice(Transport.EPOLL, "auto is epoll");
        };
    }

    /** Throws CannotRun where {@code client} insists on what is not to be had here. */
    static void require(ClientOptions client) throws CannotRun {
        String refusal = client.transport() == Transport.IO_URING ? UringWires.refusal() : null;
        if (refusal != null) {
            throw new CannotRun("client.transport: io_uring cannot be used here: " + refusal
                    + ". With client.transport: auto, tcplab uses epoll instead.");
        }
    }

    Wires.Factory wires(ClientOptions client, List<InetSocketAddress> targets, List<InetAddress> sources) {
        return executor -> transport == Transport.IO_URING
                ? new UringWires(client, targets, sources, executor)
                : new EpollWires(client, targets, sources, executor);
    }
}
