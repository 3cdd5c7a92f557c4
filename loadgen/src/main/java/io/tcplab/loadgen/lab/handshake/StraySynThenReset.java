package io.tcplab.loadgen.lab.handshake;

import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Forge;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** H3: a forged SYN from a client that wants nothing. */
public final class StraySynThenReset implements Experiment {
    @Override
    public Card card() {
        return Card.of("H3", "A stray SYN makes no connection, thanks to the third segment")
                .hypothesis("The third segment is there so that a stale SYN creates no connection.")
                .claims(25)
                .needs(Need.NAMESPACES)
                .verifies("SYN, SYN+ACK, RST; EmbryonicRsts 1 and an empty accept queue.")
                .because("The client's kernel knows of no such connect and so refuses the answer.")
                .reading("RFC 9293 §3.5, figure 8, raw(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        Forge forge = lab.client().forge(lab.server());
        forge.send(45_678, 9000, 4711, 0, Segment.SYN, new byte[0]);
        lab.awaitSegments("the RST", 1, s -> lab.fromClient(s) && s.has(Segment.RST));
        lab.expectDelta(lab.server(), KernelCounter.EMBRYONIC_RESETS, 1);
        boolean none = listener.queueLength() == 0 && lab.server().count(SYN_RECV, 9000) == 0;
        return Finding.holdsIf(none, "SYN, SYN+ACK, RST; EmbryonicRsts 1, nothing to accept");
    }
}
