package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.ESTABLISHED;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import io.tcplab.loadgen.lab.Verdict;

/** S4: a connection. */
public final class EstablishedIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S4", "ESTABLISHED")
                .hypothesis("ESTABLISHED: data may flow both ways.")
                .claims(56)
                .needs(Need.NAMESPACES)
                .verifies("ESTABLISHED in sock_diag and in /proc/net/tcp, on both sides.")
                .because("connect() and accept() and nothing else.")
                .reading("RFC 9293 §3.3.2, accept(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        lab.expect(
                Held.show(lab, lab.server(), ESTABLISHED, connection.listener().port())
                                .verdict()
                        == Verdict.HOLDS,
                "the server's end is seen too");
        return Held.show(lab, lab.client(), ESTABLISHED, connection.listener().port());
    }
}
