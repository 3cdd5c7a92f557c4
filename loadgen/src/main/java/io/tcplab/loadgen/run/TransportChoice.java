package io.tcplab.loadgen.run;

import io.tcplab.kernel.syscall.SyscallPrice;
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

    /** From here on io_uring needs less CPU for every kind of load. */
    private static final long DEAR_NANOS = 500;

    private static final String ASKED = "client.transport asks for it";

    /** What serves {@code client} here. */
    static TransportChoice of(ClientOptions client) {
        return switch (client.transport()) {
            case EPOLL -> new TransportChoice(Transport.EPOLL, ASKED);
            case IO_URING -> new TransportChoice(Transport.IO_URING, ASKED);
            case AUTO -> auto();
        };
    }

    /** By what a call costs, which differs by a factor of ten between machines: what io_uring saves is calls. */
    private static TransportChoice auto() {
        String refusal = UringWires.refusal();
        if (refusal != null) {
            return new TransportChoice(Transport.EPOLL, "auto: " + refusal);
        }
        long nanos = Price.NANOS;
        return nanos >= DEAR_NANOS
                ? new TransportChoice(Transport.IO_URING, "auto: a system call costs " + nanos + " ns here")
                : new TransportChoice(
                        Transport.EPOLL,
                        "auto: a system call costs only " + nanos + " ns here, where epoll is as fast");
    }

    /** Measured once, so that all runs of this process have the same transport. */
    private static final class Price {
        static final long NANOS = SyscallPrice.nanos();
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
