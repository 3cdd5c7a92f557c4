package io.tcplab.loadgen.lab.distance;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** D4: the last ACK of a close does not arrive. */
public final class LastAckLostOnTheCable implements Experiment {
    @Override
    public Card card() {
        return Card.of("D4", "A lost last ACK is given again by TIME_WAIT, across a distance")
                .hypothesis("Whoever closes first can forget the connection once it has acknowledged the other FIN.")
                .needs(Need.CABLE)
                .verifies("The last ACK is lost: the server sends its FIN again from LAST_ACK, and the TIME_WAIT of the"
                        + " client acknowledges it.")
                .because("The cable knows a connection's last ACK: the pure ACK of its second FIN.")
                .reading("RFC 9293 §3.6, tcp(7), net/ipv4/tcp_minisocks.c");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Stage.Connection connection = lab.connected();
        lab.settle(connection);
        lab.network(
                "20 ms, the last ACK is lost once",
                Far.roundTrip(20, new NamedLoss(null, SegmentKind.LAST_ACK, 1, false)));
        connection.client().shutdownWrite();
        lab.expect(connection.server().readAll().ok(), "the server reads the end of the stream");
        connection.server().close();
        lab.expect(connection.client().readAll().ok(), "the client reads the end of the stream");
        connection.client().close();
        lab.expect(connection.client(), TIME_WAIT);
        lab.expect(connection.server(), CLOSE);
        long fins = lab.figure("FINs of the server", lab.wire().fromServer().segments(SegmentKind.FIN));
        lab.expect(fins >= 2, "the server's FIN was sent again");
        lab.expect(lab.client().delta(KernelCounter.OUT_RESETS) == 0, "no RST was sent");
        return Finding.refuted("the server sent " + fins + " FINs; TIME_WAIT acknowledged the one that was sent again");
    }
}
