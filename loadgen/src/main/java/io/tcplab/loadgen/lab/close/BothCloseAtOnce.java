package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSING;
import static io.tcplab.kernel.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C4: both sides close before either FIN has arrived. */
public final class BothCloseAtOnce implements Experiment {
    @Override
    public Card card() {
        return Card.of("C4", "Simultaneous close: both CLOSING, then both TIME_WAIT")
                .hypothesis("TIME_WAIT is only ever on one side, that of the active closer.")
                .claims(10, 28, 29)
                .needs(Need.CABLE)
                .verifies("CLOSING on both sides, then TIME_WAIT on both.")
                .because("The cable keeps both FINs on their way for 400 ms, long enough to cross.")
                .reading("RFC 9293 §3.6 case 3, figure 13, close(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.farApart(400);
        Connection connection = lab.connected();
        connection.client().close();
        connection.server().close();
        lab.expect(connection.client(), FIN_WAIT1);
        TcpState _ = lab.seen(connection.server());
        lab.expect(connection.client(), CLOSING, 8000);
        lab.expect(connection.server(), CLOSING, 8000);
        long waiting =
                connection.client().reading().map(SocketReading::sendQueue).orElse(0L);
        lab.figure("bytes not acknowledged in CLOSING", waiting);
        lab.expect(connection.client(), TIME_WAIT, 8000);
        lab.expect(connection.server(), TIME_WAIT, 8000);
        lab.claim(28, Finding.holds("both sides were seen in CLOSING after both had closed at once"));
        lab.claim(
                29,
                Finding.holdsIf(
                        waiting > 1,
                        "no data was sent at all; only the FIN was unacknowledged (send queue " + waiting + ")"));
        return Finding.refuted("both sides closed at once and both were left in TIME_WAIT");
    }
}
