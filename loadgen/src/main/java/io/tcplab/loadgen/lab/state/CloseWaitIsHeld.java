package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.CLOSE_WAIT;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** S7: the peer's FIN has come, the application has not closed. */
public final class CloseWaitIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S7", "CLOSE_WAIT")
                .hypothesis("CLOSE_WAIT: the peer has closed, we have not (关闭等待).")
                .claims(56)
                .needs(Need.NAMESPACES)
                .verifies("CLOSE_WAIT in sock_diag and in /proc/net/tcp.")
                .because("The server does not close.")
                .reading("RFC 9293 §3.3.2, close(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        return Held.show(lab, lab.server(), CLOSE_WAIT, connection.listener().port());
    }
}
