package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** D1: the first SYN does not arrive. */
public final class LostSyn implements Experiment {
    @Override
    public Card card() {
        return Card.of("D1", "A lost SYN costs a second, at any distance")
                .hypothesis("A lost SYN is sent again after one round trip.")
                .needs(Need.CABLE)
                .verifies("The first SYN is lost: the connect takes 1 s more than its round trip of 20 ms.")
                .because("Nothing is known yet of the distance, so the first timer is the standard's: 1 s.")
                .reading("RFC 6298 §2, ip-sysctl: tcp_syn_linear_timeouts, tcp(7) tcp_syn_retries");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(4);
        lab.network("20 ms, the first SYN is lost", Far.roundTrip(20, Far.nth(Side.CLIENT, SegmentKind.SYN, 1)));
        double start = lab.seconds();
        lab.expect("connect", Errno.OK, lab.client().open().connect(listener.address(), 4000));
        double took = lab.seconds() - start;
        lab.expectSeconds("connect after a lost SYN", 1.02, took);
        lab.expectDelta(lab.client(), KernelCounter.SYN_RETRANSMITS, 1);
        return Finding.refuted("the round trip is 20 ms, and the connect took " + lab.tenths(took) + " s");
    }
}
