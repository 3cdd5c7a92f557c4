package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.CLOSING;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** S9: both FINs cross on a long cable. */
public final class ClosingIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S9", "CLOSING")
                .hypothesis("CLOSING: both have closed, and our FIN is not acknowledged (同时关闭).")
                .claims(28, 56)
                .needs(Need.CABLE)
                .verifies("CLOSING in sock_diag and in /proc/net/tcp.")
                .because("The cable keeps the ACKs on their way for 400 ms.")
                .reading("RFC 9293 §3.6, figure 13, close(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.farApart(400);
        Connection connection = lab.connected();
        connection.client().close();
        connection.server().close();
        lab.expect(connection.client(), CLOSING, 8000);
        return Held.show(lab, lab.client(), CLOSING, connection.listener().port());
    }
}
