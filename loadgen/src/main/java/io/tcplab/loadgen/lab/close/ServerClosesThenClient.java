package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C1S: the server closes first, the client later. */
public final class ServerClosesThenClient implements Experiment {
    @Override
    public Card card() {
        return Card.of("C1S", "The server closes first and keeps the TIME_WAIT")
                .hypothesis("The client walks FIN_WAIT1, FIN_WAIT2, TIME_WAIT and the server CLOSE_WAIT, LAST_ACK.")
                .claims(8, 9)
                .verifies("The roles belong to who closes first, not to client and server.")
                .because("Same as C1 except for the side that closes first.")
                .reading("RFC 9293 §3.6, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.server().close();
        lab.expect(connection.server(), FIN_WAIT2);
        lab.expect(connection.client(), CLOSE_WAIT);
        connection.client().close();
        lab.expect(connection.server(), TIME_WAIT);
        lab.expect(connection.client(), CLOSE);
        lab.expectDelta(lab.server(), KernelCounter.TIME_WAITS, 1);
        lab.claim(9, Finding.holds("the server closed first and nothing else changed"));
        return Finding.refuted("when the server closes first, it is the server that walks FIN_WAIT2 and TIME_WAIT");
    }
}
