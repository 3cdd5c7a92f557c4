package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** S10: a close that is complete. */
public final class TimeWaitIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S10", "TIME_WAIT")
                .hypothesis("TIME_WAIT: the active closer has acknowledged the peer's FIN and waits (时间等待).")
                .claims(56)
                .needs(Need.NAMESPACES)
                .verifies("TIME_WAIT in sock_diag and in /proc/net/tcp.")
                .because("The client closes first, the server after it.")
                .reading("RFC 9293 §3.3.2, ss(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        connection.server().close();
        connection.client().readAll();
        connection.client().close();
        return Held.show(lab, lab.client(), TIME_WAIT, connection.listener().port());
    }
}
