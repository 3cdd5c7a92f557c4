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

/** A4C: 300 SYNs that nobody completes, with tcp_syncookies at 2. */
public final class SynFloodCookiesAlways implements Experiment {
    @Override
    public Card card() {
        return Card.of("A4C", "tcp_syncookies=2 keeps no state at all")
                .hypothesis("SYN cookies keep no state for a SYN.")
                .claims(43)
                .needs(Need.NAMESPACES)
                .verifies("No SYN_RECV, one cookie for each SYN.")
                .because("Same as A4 except for the value 2.")
                .reading("ip-sysctl: tcp_syncookies, RFC 4987 §3.6, tcp(7) tcp_syncookies");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_syncookies", 2);
        Listener listener = lab.server().listen(128);
        SynFlood.send(lab, listener, 300);
        int kept = lab.server().count(SYN_RECV, listener.port());
        lab.expectDelta(lab.server(), KernelCounter.SYNCOOKIES_SENT, 300);
        return Finding.holdsIf(kept == 0, "SYN_RECV " + kept + ", SyncookiesSent 300");
    }
}
