package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.SYN_SENT;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** S2: a SYN that does not arrive. */
public final class SynSentIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S2", "SYN_SENT")
                .hypothesis("SYN_SENT: a SYN was sent and nothing came back.")
                .claims(56)
                .needs(Need.CABLE)
                .verifies("SYN_SENT in sock_diag and in /proc/net/tcp.")
                .because("The cable loses the SYN.")
                .reading("RFC 9293 §3.3.2, connect(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        Sock client = lab.client().open();
        Finding held;
        try (Hold _ = lab.server().hold(SegmentKind.SYN)) {
            lab.expect("connect", Errno.EINPROGRESS, client.connect(listener.address(), 0));
            held = Held.show(lab, lab.client(), SYN_SENT, listener.port());
        }
        lab.expect(client, ESTABLISHED, 8000);
        return held;
    }
}
