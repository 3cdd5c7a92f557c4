package io.tcplab.loadgen.lab.queue;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Forge;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.SynFlood;

/** A5: five clients connect while the SYN queue is full of others. */
public final class GoodClientsDuringAFlood implements Experiment {
    @Override
    public Card card() {
        return Card.of("A5", "Cookies let legitimate clients connect during a flood")
                .hypothesis("A SYN flood locks legitimate clients out.")
                .claims(43)
                .needs(Need.NAMESPACES)
                .verifies("All five connect by their cookie; a forged ACK is answered by an RST.")
                .because("The queue is full before the first legitimate client connects.")
                .reading("RFC 4987 §3.6, tcp(7) tcp_syncookies");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_syncookies", 1);
        Listener listener = lab.server().listen(32);
        SynFlood.send(lab, listener, 100);
        int in = 0;
        for (int i = 0; i < 5; i++) {
            in += lab.client().open().connect(listener.address(), 3000).ok() ? 1 : 0;
        }
        lab.expectDelta(lab.server(), KernelCounter.SYNCOOKIES_RECEIVED, in);
        lab.figure("legitimate clients connected, of 5", in);
        Forge forge = lab.client().forge(lab.server());
        forge.send(50_001, listener.port(), 77, 4711, Segment.ACK, new byte[0]);
        lab.expectDelta(lab.server(), KernelCounter.SYNCOOKIES_FAILED, 1);
        lab.claim(
                43,
                Finding.holdsIf(in == 5, in + " of 5 legitimate clients connected by their cookie (SyncookiesRecv)"));
        return Finding.holdsIf(in < 5, in + " of 5 connected (SyncookiesRecv " + in + "); a forged ACK failed");
    }
}
