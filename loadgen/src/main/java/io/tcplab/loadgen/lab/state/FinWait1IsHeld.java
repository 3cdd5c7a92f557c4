package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import io.tcplab.loadgen.lab.Verdict;

/** S5: a FIN that does not arrive. */
public final class FinWait1IsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S5", "FIN_WAIT1")
                .hypothesis("FIN_WAIT1 is rarely seen, FIN_WAIT2 often.")
                .claims(27, 56)
                .needs(Need.CABLE)
                .verifies("FIN_WAIT1 in sock_diag and in /proc/net/tcp; 60 ms after ten plain"
                        + " closes it is not seen once, FIN_WAIT2 each time.")
                .because("Ten closes are observed first, then the cable loses the FIN of one.")
                .reading("RFC 9293 §3.3.2, shutdown(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        int one = 0;
        int two = 0;
        for (int i = 0; i < 10; i++) {
            Connection plain = lab.connected(listener);
            plain.client().shutdownWrite();
            lab.pause(60);
            one += plain.client().state() == FIN_WAIT1 ? 1 : 0;
            two += lab.comes(() -> plain.client().state() == FIN_WAIT2, 2000) ? 1 : 0;
            plain.client().linger(0);
            plain.client().close();
        }
        lab.figure("FIN_WAIT1 seen in ten plain closes", one);
        lab.figure("FIN_WAIT2 seen in ten plain closes", two);
        Connection connection = lab.connected(listener);
        try (Hold _ = lab.server().hold(SegmentKind.FIN)) {
            connection.client().shutdownWrite();
            Finding held = Held.show(lab, lab.client(), FIN_WAIT1, listener.port());
            lab.claim(56, held);
            lab.expect(held.verdict() == Verdict.HOLDS, "FIN_WAIT1 is held");
        }
        lab.expect(connection.client(), FIN_WAIT2, 8000);
        return Finding.holdsIf(
                one < two,
                "60 ms after ten plain closes FIN_WAIT1 was seen " + one + " times and FIN_WAIT2 " + two
                        + " times; held while the FIN was withheld");
    }
}
