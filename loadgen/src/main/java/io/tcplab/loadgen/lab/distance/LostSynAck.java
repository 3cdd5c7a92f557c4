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

/** D2: the first SYN+ACK does not arrive. */
public final class LostSynAck implements Experiment {
    @Override
    public Card card() {
        return Card.of("D2", "A lost SYN+ACK costs a second too")
                .hypothesis("Only the server sends a lost SYN+ACK again.")
                .needs(Need.CABLE)
                .verifies("The first SYN+ACK is lost: both sides' timers are 1 s, and the connect takes 1 s.")
                .because("The client cannot know which of the two was lost, and sends its SYN again as well.")
                .reading("RFC 6298 §2, ip-sysctl: tcp_synack_retries, tcp(7) tcp_synack_retries");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(4);
        lab.network(
                "20 ms, the first SYN+ACK is lost", Far.roundTrip(20, Far.nth(Side.SERVER, SegmentKind.SYN_ACK, 1)));
        double start = lab.seconds();
        lab.expect("connect", Errno.OK, lab.client().open().connect(listener.address(), 4000));
        double took = lab.seconds() - start;
        lab.expectSeconds("connect after a lost SYN+ACK", 1, took);
        long syns = lab.figure("SYNs", lab.wire().fromClient().segments(SegmentKind.SYN));
        lab.figure("SYN+ACKs", lab.wire().fromServer().segments(SegmentKind.SYN_ACK));
        lab.figure("SYNs sent again", lab.client().delta(KernelCounter.SYN_RETRANSMITS));
        return Finding.holdsIf(
                syns == 1, "the client sent " + syns + " SYNs, the connect took " + lab.tenths(took) + " s");
    }
}
