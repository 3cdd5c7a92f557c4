package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.FIN_WAIT1;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C13: closes into FIN_WAIT1 while the peer is silent. */
public final class OrphanWithSilentPeer implements Experiment {
    @Override
    public Card card() {
        return Card.of("C13", "tcp_orphan_retries ends a close that gets no answer")
                .hypothesis("A FIN is sent again until it is acknowledged.")
                .needs(Need.CABLE)
                .verifies("An orphaned FIN_WAIT1 is dropped after tcp_orphan_retries.")
                .because("The cable loses all that the client sends, so that only the number of retries differs.")
                .reading(
                        "ip-sysctl: tcp_orphan_retries, RFC 9293 §3.8.3 (connection failures), tcp(7) tcp_orphan_retries");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_orphan_retries", 1);
        Connection first = lab.connected();
        Connection second = lab.connected(first.listener());
        lab.settle(first);
        lab.settle(second);
        try (Hold _ = lab.server().holdEverything()) {
            first.client().close();
            lab.expect(first.client(), FIN_WAIT1);
            double one = lab.secondsUntil(
                    "given up with 1 retry", 12_000, () -> first.client().state() == CLOSE);
            lab.client().sysctl("net.ipv4.tcp_orphan_retries", 3);
            second.client().close();
            double three = lab.secondsUntil(
                    "given up with 3 retries", 20_000, () -> second.client().state() == CLOSE);
            long few = lab.figure("FINs with 1 retry", fins(lab, first.client()));
            long more = lab.figure("FINs with 3 retries", fins(lab, second.client()));
            lab.expect(more > few, "more retries send more FINs: " + few + " and " + more);
            return Finding.refuted("given up after " + few + " FINs, " + lab.tenths(one) + " s, with 1 retry and after "
                    + more + " FINs, " + lab.tenths(three) + " s, with 3");
        }
    }

    /** How often the FIN of a socket was sent into the cable, which lost it. */
    private static int fins(Stage lab, Sock from) {
        return lab.segments(s -> s.has(Segment.FIN) && s.sourcePort() == from.localPort())
                .size();
    }
}
