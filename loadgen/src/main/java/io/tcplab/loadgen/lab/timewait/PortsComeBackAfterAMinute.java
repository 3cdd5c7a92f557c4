package io.tcplab.loadgen.lab.timewait;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T7: connect and close for 65 seconds with tcp_tw_reuse=0. */
public final class PortsComeBackAfterAMinute implements Experiment {
    @Override
    public Card card() {
        return Card.of("T7", "Without reuse the next wave comes a minute later")
                .hypothesis("A range of ports allows ports ÷ 60 connections a second in the long run.")
                .needs(Need.NAMESPACES)
                .verifies("20 connections at once, 20 more after the length of TIME_WAIT, in real time.")
                .because("It ends soon after the second wave, so that no third can follow.")
                .reading("ip-sysctl: ip_local_port_range, RFC 9293 §3.6, ip(7) ip_local_port_range")
                .takesLong(110);
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        Listener listener = lab.server().listen(128);
        int first = PortLoop.run(lab, lab.client(), listener, 55, PortLoop.Closer.CLIENT)
                .connected();
        int second = PortLoop.run(lab, lab.client(), listener, 12, PortLoop.Closer.CLIENT)
                .connected();
        return Finding.holdsIf(
                first == 20 && second == 20, first + " connections in the first 55 s, " + second + " in the next 12 s");
    }
}
