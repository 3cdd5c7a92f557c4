package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.LISTEN;
import static io.tcplab.kernel.TcpState.SYN_RECV;

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
import io.tcplab.loadgen.lab.Verdict;

/** S3: a final ACK that does not arrive. */
public final class SynRecvIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S3", "SYN_RECV")
                .hypothesis("SYN_RECV is too short to be seen unless the last ACK is withheld.")
                .claims(26, 56)
                .needs(Need.CABLE)
                .verifies("SYN_RECV in sock_diag and in /proc/net/tcp; in ten plain handshakes it is not seen once.")
                .because("Ten handshakes on the server's loopback, which takes no time, are observed first; then the"
                        + " cable loses the pure ACK of one.")
                .reading("RFC 9293 §3.3.2, accept(2), ss(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        lab.expectCount(lab.server(), LISTEN, listener.port(), 1);
        int seen = 0;
        for (int i = 0; i < 10; i++) {
            Sock local = lab.server().open();
            Errno _ = local.connect(listener.address(), 0);
            seen += lab.server().count(SYN_RECV, listener.port());
            listener.accept().close();
        }
        lab.figure("times seen in ten plain handshakes", seen);
        Finding held;
        Sock client;
        try (Hold _ = lab.server().hold(SegmentKind.ACK)) {
            client = lab.client().connect(listener);
            lab.expect(client, ESTABLISHED);
            held = Held.show(lab, lab.server(), SYN_RECV, listener.port());
            lab.claim(56, held);
        }
        client.send(1);
        lab.expect(listener.accept(), ESTABLISHED);
        String words = "seen " + seen + " times in ten plain handshakes, held while the ACK was withheld";
        return Finding.holdsIf(seen <= 3 && held.verdict() == Verdict.HOLDS, words);
    }
}
