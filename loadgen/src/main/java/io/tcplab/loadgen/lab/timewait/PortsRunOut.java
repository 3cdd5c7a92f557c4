package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T1: connect and close with tcp_tw_reuse=0. */
public final class PortsRunOut implements Experiment {
    @Override
    public Card card() {
        return Card.of("T1", "Without reuse a range of 20 ports makes 20 connections")
                .hypothesis("Each connection that its client closes keeps its port for the length of TIME_WAIT.")
                .needs(Need.NAMESPACES)
                .verifies("Exactly as many connections as ports, then EADDRNOTAVAIL.")
                .because("One destination and a narrow range, so that only TIME_WAIT uses up the ports.")
                .reading("ip-sysctl: tcp_tw_reuse, ip_local_port_range, RFC 9293 §3.6, ip(7) ip_local_port_range");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), lab.server().listen(128), 2.5, PortLoop.Closer.CLIENT);
        lab.expectDelta(lab.client(), KernelCounter.TIME_WAITS, tally.connected());
        return Finding.holdsIf(
                tally.connected() == PortLoop.PORTS && tally.noPort() > 0,
                tally.connected() + " connections over 20 ports, then " + tally.noPort() + " times EADDRNOTAVAIL");
    }
}
