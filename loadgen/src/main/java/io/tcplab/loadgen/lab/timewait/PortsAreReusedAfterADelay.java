package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T2: connect and close with tcp_tw_reuse=1. */
public final class PortsAreReusedAfterADelay implements Experiment {
    @Override
    public Card card() {
        return Card.of("T2", "tcp_tw_reuse=1 reuses each port once per delay")
                .hypothesis("tcp_tw_reuse=1 lets new connections reuse TIME_WAIT.")
                .claims(18, 20)
                .needs(Need.NAMESPACES)
                .verifies("Ports times intervals started: 20 a second with the default delay.")
                .because("The loop ends in the middle of an interval, so that the count is exact.")
                .reading("ip-sysctl: tcp_tw_reuse, tcp_tw_reuse_delay, RFC 6191 §2, RFC 7323 §5, tcp(7) tcp_tw_reuse");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 1);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), lab.server().listen(128), 3.5, PortLoop.Closer.CLIENT);
        long recycled = lab.client().delta(KernelCounter.TIME_WAITS_REUSED);
        lab.figure("TWRecycled", recycled);
        String seen = tally.connected() + " connections over 20 ports in 3.5 s, TWRecycled " + recycled;
        lab.claim(20, Finding.holdsIf(recycled == 0, seen));
        return Finding.holdsIf(tally.connected() > PortLoop.PORTS && recycled > 0, seen);
    }
}
