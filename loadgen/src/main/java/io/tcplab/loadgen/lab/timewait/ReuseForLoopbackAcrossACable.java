package io.tcplab.loadgen.lab.timewait;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T3: connect and close with tcp_tw_reuse=2 to an address that is not loopback. */
public final class ReuseForLoopbackAcrossACable implements Experiment {
    @Override
    public Card card() {
        return Card.of("T3", "tcp_tw_reuse=2 does nothing across a cable")
                .hypothesis("The default tcp_tw_reuse=2 lets new connections reuse TIME_WAIT.")
                .needs(Need.NAMESPACES)
                .verifies("As many connections as ports and no more.")
                .because("Same as T2 except for the value 2.")
                .reading("ip-sysctl: tcp_tw_reuse, RFC 6191 §2, tcp(7) tcp_tw_reuse");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 2);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), lab.server().listen(128), 2.5, PortLoop.Closer.CLIENT);
        return Finding.holdsIf(
                tally.connected() > PortLoop.PORTS,
                tally.connected() + " connections over 20 ports: 198.18.0.2 is not a loopback address");
    }
}
