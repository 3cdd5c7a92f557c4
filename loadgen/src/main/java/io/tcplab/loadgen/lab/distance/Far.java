package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.PathSettings;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;
import java.util.List;

/** Cables of a length, and what they lose. */
final class Far {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Far() {}

    /** Both ways take half of the round trip. */
    static CableSettings roundTrip(int millis, NamedLoss... lose) {
        PathSettings way = new PathSettings(millis * NANOS_PER_MILLI / 2, 0, 0, 1, 0, 0, 0, 0);
        return new CableSettings(way, way, List.of(lose));
    }

    /** A listener of the server whose connections have this congestion control. */
    static Listener listen(Stage lab, int port, String control) throws Exception {
        InetSocketAddress at = new InetSocketAddress(lab.server().address(), port);
        return lab.server().listen(at, 4, socket -> {
            Errno errno = socket.congestion(control);
            lab.errno("TCP_CONGESTION " + control, errno);
            lab.expect(errno.ok(), "the congestion control " + control + " can be chosen: " + errno);
        });
    }

    /** The n-th segment of a kind that a side sends from then on. */
    static NamedLoss nth(Side side, SegmentKind kind, int number) {
        return new NamedLoss(side, kind, number, false);
    }
}
