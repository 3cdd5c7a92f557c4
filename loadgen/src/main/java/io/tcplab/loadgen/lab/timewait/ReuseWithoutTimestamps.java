package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T5: connect and close with tcp_tw_reuse=1 and tcp_timestamps=0. */
public final class ReuseWithoutTimestamps implements Experiment {
    @Override
    public Card card() {
        return Card.of("T5", "tcp_tw_reuse=1 needs timestamps")
                .hypothesis("tcp_tw_reuse=1 is enough to reuse TIME_WAIT.")
                .needs(Need.NAMESPACES)
                .verifies("As many connections as ports and no more.")
                .because("Same as T2 except for the timestamps.")
                .reading("ip-sysctl: tcp_tw_reuse, RFC 6191 §2, tcp(7) tcp_tw_reuse");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_timestamps", 0);
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 1);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), lab.server().listen(128), 2.5, PortLoop.Closer.CLIENT);
        return Finding.holdsIf(
                tally.connected() > PortLoop.PORTS,
                tally.connected() + " connections over 20 ports and TWRecycled "
                        + lab.client().delta(KernelCounter.TIME_WAITS_REUSED));
    }
}
