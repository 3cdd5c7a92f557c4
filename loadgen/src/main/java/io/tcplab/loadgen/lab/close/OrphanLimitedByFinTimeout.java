package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C12: a close into FIN_WAIT2 with tcp_fin_timeout at 1. */
public final class OrphanLimitedByFinTimeout implements Experiment {
    @Override
    public Card card() {
        return Card.of("C12", "tcp_fin_timeout ends an orphaned FIN_WAIT2")
                .hypothesis("FIN_WAIT2 lasts until the peer's FIN.")
                .claims(33)
                .needs(Need.NAMESPACES)
                .verifies("An orphan leaves FIN_WAIT2 after tcp_fin_timeout while the peer stays in CLOSE_WAIT.")
                .because("The peer never closes, so that only the timer can end the state.")
                .reading("ip-sysctl: tcp_fin_timeout, RFC 9293 §3.6.1, tcp(7) tcp_fin_timeout");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_fin_timeout", 1);
        Connection connection = lab.connected();
        lab.settle(connection);
        connection.client().close();
        lab.expect(connection.client(), FIN_WAIT2);
        double took = lab.secondsUntil(
                "orphaned FIN_WAIT2", 20_000, () -> connection.client().state() == CLOSE);
        lab.expect(took > 0.7, "not gone before its time, took " + took);
        lab.expect(connection.server(), CLOSE_WAIT);
        return Finding.refuted("with tcp_fin_timeout=1 the orphan was gone in " + lab.tenths(took)
                + " s, the peer still in CLOSE_WAIT");
    }
}
