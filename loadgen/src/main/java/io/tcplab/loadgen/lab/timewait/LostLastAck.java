package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.TcpState.LAST_ACK;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** T20: the last ACK is withheld, with a TIME_WAIT and without. */
public final class LostLastAck implements Experiment {
    @Override
    public Card card() {
        return Card.of("T20", "TIME_WAIT answers a FIN whose ACK was lost")
                .hypothesis("TIME_WAIT exists so that a lost last ACK can be sent again.")
                .claims(23)
                .needs(Need.CABLE)
                .verifies("A retransmitted FIN is acknowledged by TIME_WAIT, and answered by an RST without one.")
                .because("The same ACK is lost twice; only tcp_max_tw_buckets differs.")
                .reading("RFC 9293 §3.6.1, ip-sysctl: tcp_max_tw_buckets, tcp(7) tcp_max_tw_buckets");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        long resets = lostAck(lab, 9000);
        lab.expect(resets == 0, "with a TIME_WAIT no RST is sent");
        lab.client().sysctl("net.ipv4.tcp_max_tw_buckets", 0);
        long without = lostAck(lab, 9001);
        lab.figure("RSTs without a TIME_WAIT", without);
        return Finding.holdsIf(
                without > 0,
                "with TIME_WAIT the FIN was acknowledged again; with tcp_max_tw_buckets=0 it was answered by " + without
                        + " RST");
    }

    private static long lostAck(Stage lab, int port) throws Exception {
        Connection connection = lab.connected(lab.server().listen(port, 4));
        connection.client().shutdownWrite();
        lab.expect(connection.client(), FIN_WAIT2);
        long before = lab.client().delta(KernelCounter.OUT_RESETS);
        try (Hold _ = lab.server().hold(SegmentKind.ACK)) {
            connection.server().close();
            lab.expect(connection.server(), LAST_ACK);
            connection.client().readAll();
            connection.client().close();
            lab.pause(50);
        }
        lab.expect(connection.server(), CLOSE);
        return lab.client().delta(KernelCounter.OUT_RESETS) - before;
    }
}
