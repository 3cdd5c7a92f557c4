package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;

/** T4: connect and close with tcp_tw_reuse=2 to a loopback address. */
public final class ReuseForLoopbackOnLoopback implements Experiment {
    @Override
    public Card card() {
        return Card.of("T4", "tcp_tw_reuse=2 reuses TIME_WAIT to 127.0.0.1")
                .hypothesis("The default tcp_tw_reuse=2 lets new connections reuse TIME_WAIT on loopback addresses.")
                .needs(Need.NAMESPACES)
                .verifies("Ports times intervals started.")
                .because("Same as T3 except for the address.")
                .reading("ip-sysctl: tcp_tw_reuse, RFC 6191 §2, tcp(7) tcp_tw_reuse");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 2);
        Listener listener = lab.client().listen(new InetSocketAddress("127.0.0.1", 9000), 128);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), listener, 2.5, PortLoop.Closer.CLIENT);
        long recycled = lab.figure("TWRecycled", lab.client().delta(KernelCounter.TIME_WAITS_REUSED));
        return Finding.holdsIf(
                recycled > 0 && recycled == tally.connected() - PortLoop.PORTS,
                tally.connected() + " connections over 20 ports in 2.5 s, TWRecycled " + recycled);
    }
}
