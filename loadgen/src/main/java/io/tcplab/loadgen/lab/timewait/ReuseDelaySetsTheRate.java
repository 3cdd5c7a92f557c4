package io.tcplab.loadgen.lab.timewait;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T6: connect and close with tcp_tw_reuse=1 and two delays. */
public final class ReuseDelaySetsTheRate implements Experiment {
    @Override
    public Card card() {
        return Card.of("T6", "tcp_tw_reuse_delay sets how often a port is reused")
                .hypothesis("A port in TIME_WAIT is reused a second later at the earliest.")
                .needs(Need.NAMESPACES)
                .verifies("Ports times intervals started, with a delay of 200 ms and of 3 s.")
                .because("Two loops in fresh ports, each ending in the middle of an interval.")
                .reading("ip-sysctl: tcp_tw_reuse_delay, RFC 6191 §2, tcp(7) tcp_tw_reuse");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        if (lab.client().sysctl("net.ipv4.tcp_tw_reuse_delay").isEmpty()) {
            return Finding.untestable("this kernel has no tcp_tw_reuse_delay (it came with Linux 6.12)");
        }
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 1);
        lab.client().sysctl("net.ipv4.tcp_tw_reuse_delay", 200);
        int quick = PortLoop.run(lab, lab.client(), lab.server().listen(9000, 128), 4.5, PortLoop.Closer.CLIENT)
                .connected();
        lab.client().sysctl("net.ipv4.ip_local_port_range", "41000 41019");
        lab.client().sysctl("net.ipv4.tcp_tw_reuse_delay", 3000);
        int slow = PortLoop.run(lab, lab.client(), lab.server().listen(9001, 128), 4.5, PortLoop.Closer.CLIENT)
                .connected();
        String seen = quick + " connections in 4.5 s with 200 ms, " + slow + " in 4.5 s with 3 s";
        lab.expect(slow >= 40 && slow < 60, "two waves with a delay of 3 s: " + seen);
        return Finding.holdsIf(quick <= 100, seen);
    }
}
