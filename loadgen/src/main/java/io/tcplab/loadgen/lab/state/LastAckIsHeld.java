package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.LAST_ACK;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** S8: the last ACK does not arrive. */
public final class LastAckIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S8", "LAST_ACK")
                .hypothesis("LAST_ACK: the passive closer waits for the ACK of its FIN.")
                .claims(56)
                .needs(Need.CABLE)
                .verifies("LAST_ACK in sock_diag and in /proc/net/tcp.")
                .because("The cable loses the client's ACKs from before the server closes.")
                .reading("RFC 9293 §3.3.2, close(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        lab.expect(connection.server(), CLOSE_WAIT);
        Finding held;
        try (Hold _ = lab.server().hold(SegmentKind.ACK)) {
            connection.server().close();
            held = Held.show(lab, lab.server(), LAST_ACK, connection.listener().port());
        }
        lab.expect(connection.server(), CLOSE, 8000);
        return held;
    }
}
