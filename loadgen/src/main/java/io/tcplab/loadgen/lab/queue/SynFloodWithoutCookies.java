package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.SynFlood;

/** A4D: 300 SYNs that nobody completes, with tcp_syncookies at 0. */
public final class SynFloodWithoutCookies implements Experiment {
    @Override
    public Card card() {
        return Card.of("A4D", "Without cookies a full SYN queue drops SYNs silently")
                .hypothesis("When the half-open queue is full, a SYN is dropped silently.")
                .claims(44)
                .needs(Need.NAMESPACES)
                .verifies("TCPReqQFullDrop and ListenDrops count what does not fit; nothing is answered.")
                .because("Same as A4 except for the cookies.")
                .reading("ip-sysctl: tcp_syncookies, RFC 4987 §3.6, tcp(7) tcp_syncookies");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_syncookies", 0);
        Listener listener = lab.server().listen(128);
        SynFlood.send(lab, listener, 300);
        int kept = lab.server().count(SYN_RECV, listener.port());
        lab.figure("SYN_RECV", kept);
        long dropped = lab.figure("TCPReqQFullDrop", lab.server().delta(KernelCounter.SYN_QUEUE_FULL_DROPS));
        lab.expect(lab.server().delta(KernelCounter.LISTEN_DROPS) == dropped, "ListenDrops counts the same");
        lab.expect(lab.server().delta(KernelCounter.SYNCOOKIES_SENT) == 0, "no cookie is sent");
        String seen = kept + " in SYN_RECV, TCPReqQFullDrop = ListenDrops = " + dropped;
        lab.claim(
                44,
                dropped > 0
                        ? Finding.conditional(
                                "only with tcp_syncookies=0 (" + seen + "); with 1 it is answered by a cookie")
                        : Finding.refuted(seen));
        return Finding.holdsIf(dropped > 0, seen);
    }
}
