package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** S6: our FIN is acknowledged, the peer's has not come. */
public final class FinWait2IsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S6", "FIN_WAIT2")
                .hypothesis("FIN_WAIT2: our FIN was acknowledged, theirs has not come (半关闭).")
                .claims(56)
                .needs(Need.NAMESPACES)
                .verifies("FIN_WAIT2 in sock_diag and in /proc/net/tcp.")
                .because("The server does not close.")
                .reading("RFC 9293 §3.3.2, shutdown(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        return Held.show(lab, lab.client(), FIN_WAIT2, connection.listener().port());
    }
}
