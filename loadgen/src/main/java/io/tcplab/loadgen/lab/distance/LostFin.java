package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** D3: the first FIN does not arrive. */
public final class LostFin implements Experiment {
    @Override
    public Card card() {
        return Card.of("D3", "A lost FIN is sent again")
                .hypothesis("A lost FIN leaves the other side waiting for the end forever.")
                .needs(Need.CABLE)
                .verifies(
                        "The first FIN is lost: the server reads the end of the stream after a retransmission, some 0.2 s later.")
                .because("A FIN takes a sequence number, so it is retransmitted as data is.")
                .reading("RFC 9293 §3.8.1, RFC 6298 §2, tcp(7), net/ipv4/tcp_timer.c");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.network("20 ms", Far.roundTrip(20));
        Stage.Connection connection = lab.connected();
        lab.settle(connection);
        lab.network("20 ms, the first FIN is lost", Far.roundTrip(20, Far.nth(Side.CLIENT, SegmentKind.FIN, 1)));
        double start = lab.seconds();
        connection.client().shutdownWrite();
        lab.expect(connection.server().readAll().ok(), "the server reads the end of the stream");
        double took = lab.time("until the end was read", lab.seconds() - start);
        lab.expect(took >= 0.05, "not before a retransmission");
        lab.expect(lab.client().delta(KernelCounter.RETRANSMITTED_SEGMENTS) >= 1, "the FIN was sent again");
        return Finding.refuted("the FIN was sent again, and the end was read after " + Math.round(took * 1000) + " ms");
    }
}
