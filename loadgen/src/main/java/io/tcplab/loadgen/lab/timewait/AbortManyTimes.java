package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T9: the client aborts every connection. */
public final class AbortManyTimes implements Experiment {
    @Override
    public Card card() {
        return Card.of("T9", "SO_LINGER {1,0} never waits for a port")
                .hypothesis("An aborted connection leaves its port free at once.")
                .claims(39)
                .needs(Need.NAMESPACES)
                .verifies("Far more connections than ports; as many RSTs and aborts as connections.")
                .because("Same as T1 except for how connections are closed.")
                .reading("socket(7) SO_LINGER, RFC 9293 §3.10.5 (ABORT)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), lab.server().listen(128), 2, PortLoop.Closer.ABORT);
        lab.expectDelta(lab.client(), KernelCounter.ABORTS_ON_DATA, tally.connected());
        long resets = lab.client().delta(KernelCounter.OUT_RESETS);
        lab.expect(lab.client().delta(KernelCounter.TIME_WAITS) == 0, "no TIME_WAIT");
        return Finding.holdsIf(
                tally.connected() > 5 * PortLoop.PORTS,
                tally.connected() + " connections over 20 ports in 2 s, OutRsts " + resets + ", TIME_WAIT 0");
    }
}
