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

/** A4: 300 SYNs that nobody completes, with tcp_syncookies at 1. */
public final class SynFloodWithCookies implements Experiment {
    @Override
    public Card card() {
        return Card.of("A4", "SYN cookies begin when the SYN queue is full")
                .hypothesis("With tcp_syncookies=1 no state is kept for a SYN.")
                .claims(43, 45)
                .needs(Need.NAMESPACES)
                .verifies("backlog + 1 half-open connections are kept; every further SYN is answered by a cookie.")
                .because("The SYNs come from an address that never answers, so that none completes.")
                .reading("ip-sysctl: tcp_syncookies, RFC 4987 §3.6, tcp(7) tcp_syncookies");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_syncookies", 1);
        Listener listener = lab.server().listen(128);
        SynFlood.send(lab, listener, 300);
        int kept = lab.server().count(SYN_RECV, listener.port());
        long sent = lab.figure("SyncookiesSent", lab.server().delta(KernelCounter.SYNCOOKIES_SENT));
        lab.figure("SYN_RECV", kept);
        lab.expect(kept + sent == 300, "every SYN is kept or answered by a cookie: " + kept + " + " + sent);
        lab.claim(
                43,
                Finding.holdsIf(
                        sent > 0,
                        kept + " SYNs filled the queue, " + sent + " more were answered by a cookie without a state"));
        lab.claim(
                45,
                Finding.holdsIf(
                        kept > 129,
                        "of 300 SYNs only " + kept
                                + " were in SYN_RECV with a backlog of 128; with the default somaxconn it is 4097"));
        return Finding.conditional(
                "only once the queue is full: " + kept + " of 300 SYNs in SYN_RECV, SyncookiesSent " + sent);
    }
}
