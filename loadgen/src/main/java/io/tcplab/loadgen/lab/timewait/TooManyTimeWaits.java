package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** T10: fifty closes with room for ten TIME_WAITs. */
public final class TooManyTimeWaits implements Experiment {
    @Override
    public Card card() {
        return Card.of("T10", "TIME_WAITs beyond tcp_max_tw_buckets are not kept")
                .hypothesis("Every active close leaves a TIME_WAIT.")
                .needs(Need.NAMESPACES)
                .verifies("Ten TIME_WAITs, and TCPTimeWaitOverflow for the rest.")
                .because("Each close completes before the next, so that none is in progress.")
                .reading("ip-sysctl: tcp_max_tw_buckets, RFC 9293 §3.6, tcp(7) tcp_max_tw_buckets");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_max_tw_buckets", 10);
        Listener listener = lab.server().listen(64);
        for (int i = 0; i < 50; i++) {
            Sock client = lab.client().connect(listener);
            Sock server = listener.accept();
            client.shutdownWrite();
            server.close();
            client.readAll();
            client.close();
        }
        int kept = lab.client().count(TIME_WAIT, listener.port());
        lab.expectDelta(lab.client(), KernelCounter.TIME_WAIT_OVERFLOWS, 50 - kept);
        return Finding.holdsIf(kept == 50, kept + " of 50 were kept, TCPTimeWaitOverflow " + (50 - kept));
    }
}
