package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** D6: what leaves at once after an idle time. */
public final class SlowStartAfterIdle implements Experiment {
    private static final int BYTES = 400_000;

    @Override
    public Card card() {
        return Card.of("D6", "A kept connection starts slowly again after an idle time")
                .hypothesis("A kept connection keeps its congestion window.")
                .needs(Need.CABLE)
                .verifies("After 1.5 s of idle time the first flight is as small as a new connection's; with"
                        + " tcp_slow_start_after_idle=0 it is larger.")
                .because(
                        "The round trip is 100 ms: the segments of the first flight leave before any ACK can come back.")
                .reading("RFC 5681 §4.1, ip-sysctl: tcp_slow_start_after_idle, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        // BBR paces by what it has measured and never restarts its window (tcp_cwnd_restart is not for it).
        Listener listener = Far.listen(lab, 9000, "cubic");
        lab.network("100 ms", Far.roundTrip(100));
        long slow = firstFlightAfterIdle(lab, listener, 1);
        long kept = firstFlightAfterIdle(lab, listener, 0);
        lab.figure("first flight, tcp_slow_start_after_idle=1", slow);
        lab.figure("first flight, tcp_slow_start_after_idle=0", kept);
        lab.expect(kept > slow, "the flight is larger with the setting off");
        return Finding.conditional("after 1.5 s of idle time " + slow + " segments left at once with the default, and "
                + kept + " with tcp_slow_start_after_idle=0");
    }

    private static long firstFlightAfterIdle(Stage lab, Listener listener, int setting) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_slow_start_after_idle", setting);
        Stage.Connection connection = lab.connected(listener);
        transfer(connection);
        lab.pause(1_500);
        long before = lab.wire().fromServer().segments(SegmentKind.DATA);
        Thread sender =
                Thread.ofPlatform().daemon(true).start(() -> connection.server().send(BYTES));
        lab.pause(70);
        long flight = lab.wire().fromServer().segments(SegmentKind.DATA) - before;
        read(connection);
        sender.join();
        return flight;
    }

    /** Enough for the window to grow far beyond its beginning. */
    private static void transfer(Stage.Connection connection) throws Exception {
        Thread sender =
                Thread.ofPlatform().daemon(true).start(() -> connection.server().send(BYTES));
        read(connection);
        sender.join();
    }

    private static void read(Stage.Connection connection) {
        long left = BYTES;
        while (left > 0) {
            left -= Math.max(1, connection.client().read().value());
        }
    }
}
