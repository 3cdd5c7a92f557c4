package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.LAST_ACK;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** S11: a close that is complete, at the passive side. */
public final class ClosedIsNowhere implements Experiment {
    @Override
    public Card card() {
        return Card.of("S11", "CLOSED")
                .hypothesis("CLOSED: the connection no longer exists.")
                .claims(56)
                .needs(Need.NAMESPACES)
                .verifies("The passive side's socket is in no list.")
                .because("The client closes first, the server after it.")
                .reading("RFC 9293 §3.3.2, ss(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        connection.server().close();
        connection.client().readAll();
        lab.expect(connection.server(), CLOSE);
        int left = lab.server().countInProc(ESTABLISHED, 9000)
                + lab.server().countInProc(LAST_ACK, 9000)
                + lab.server().countInProc(CLOSE_WAIT, 9000)
                + lab.server().countInProc(TIME_WAIT, 9000);
        return Finding.holdsIf(left == 0, "the server's socket is in no list of the kernel");
    }
}
