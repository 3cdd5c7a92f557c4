package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** D5: what leaves before the first ACK. */
public final class InitialWindow implements Experiment {
    @Override
    public Card card() {
        return Card.of("D5", "A sender begins with ten segments")
                .hypothesis("A new connection sends ten segments before it waits for the first ACK.")
                .needs(Need.CABLE)
                .verifies("100 kB are written at once, the round trip is 400 ms: half a round trip later, exactly 10"
                        + " segments with data have left.")
                .because("No ACK can have come back by then, so the initial window alone decides.")
                .reading("RFC 6928 §2, tcp(7), include/net/tcp.h: TCP_INIT_CWND");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.network("400 ms", Far.roundTrip(400));
        Stage.Connection connection = lab.connected();
        long before = lab.wire().fromServer().segments(SegmentKind.DATA);
        Thread.ofPlatform().daemon(true).start(() -> connection.server().send(100_000));
        lab.pause(200);
        long flight = lab.figure(
                "segments in the first flight", lab.wire().fromServer().segments(SegmentKind.DATA) - before);
        return Finding.holdsIf(flight == 10, flight + " segments had left before the first ACK could come");
    }
}
