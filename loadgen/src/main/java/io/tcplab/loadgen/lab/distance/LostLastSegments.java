package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** D7: the last two of four segments do not arrive. */
public final class LostLastSegments implements Experiment {
    /** The payload of a full segment with timestamps. */
    private static final int SEGMENT = 1448;

    @Override
    public Card card() {
        return Card.of("D7", "The loss of the last segments is found by a probe, not by the timeout")
                .hypothesis("Lost last segments are sent again only when the retransmission timer runs out.")
                .needs(Need.CABLE)
                .verifies(
                        "Of four segments the last two are lost: with the default a loss probe finds them after some two round trips,"
                                + " with tcp_early_retrans=0 the timer does.")
                .because(
                        "Nothing follows the lost segments, so that no duplicate ACK reports them. Of a single one the probe would wait"
                                + " for 200 ms more, since its ACK may be a delayed one.")
                .reading("RFC 8985 §7, RFC 6298 §2, ip-sysctl: tcp_early_retrans, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(4);
        double probed = loseTheLast(lab, listener);
        long probes = lab.server().delta(KernelCounter.LOSS_PROBES);
        lab.expect(probes >= 1, "a loss probe was sent");
        lab.server().sysctl("net.ipv4.tcp_early_retrans", 0);
        double timedOut = loseTheLast(lab, listener);
        lab.expect(lab.server().delta(KernelCounter.RETRANSMIT_TIMEOUTS) >= 1, "the timer ran out");
        lab.time("until all arrived, with a loss probe", probed);
        lab.time("until all arrived, with tcp_early_retrans=0", timedOut);
        return Finding.refuted("the last segments arrived after " + Math.round(probed * 1000)
                + " ms by a loss probe, and after " + Math.round(timedOut * 1000) + " ms with tcp_early_retrans=0");
    }

    private static double loseTheLast(Stage lab, Listener listener) throws Exception {
        lab.network("20 ms", Far.roundTrip(20));
        Stage.Connection connection = lab.connected(listener);
        lab.settle(connection);
        lab.network(
                "20 ms, the third and fourth segment with data are lost",
                Far.roundTrip(
                        20, Far.nth(Side.SERVER, SegmentKind.DATA, 3), Far.nth(Side.SERVER, SegmentKind.DATA, 4)));
        double start = lab.seconds();
        connection.server().send(4 * SEGMENT);
        long left = 4 * SEGMENT;
        while (left > 0) {
            long read = connection.client().read().value();
            lab.expect(read > 0, "every byte arrives");
            left -= read;
        }
        return lab.seconds() - start;
    }
}
