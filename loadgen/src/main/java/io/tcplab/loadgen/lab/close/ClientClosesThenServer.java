package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.*;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;

/** C1: the client closes first, the server later. */
public final class ClientClosesThenServer implements Experiment {
    @Override
    public Card card() {
        return Card.of("C1", "The active closer keeps the TIME_WAIT; four segments")
                .hypothesis("A close takes four segments, and TIME_WAIT stays only with the side that closes first.")
                .claims(4, 8, 9, 10, 11)
                .verifies("The path FIN_WAIT2 → TIME_WAIT of the closer and CLOSE_WAIT → gone of its peer.")
                .because("The server waits in CLOSE_WAIT before it closes, so that its ACK and its FIN cannot merge.")
                .reading("RFC 9293 §3.6, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Stage.Connection connection = lab.connected();
        connection.client().close();
        lab.expect(connection.client(), FIN_WAIT2);
        lab.expect(connection.server(), CLOSE_WAIT);
        connection.server().close();
        lab.expect(connection.client(), TIME_WAIT);
        lab.expect(connection.server(), CLOSE);
        lab.expectDelta(lab.client(), KernelCounter.TIME_WAITS, 1);
        boolean four = true;
        if (lab.isolated()) {
            lab.expect(lab.server().delta(KernelCounter.TIME_WAITS) == 0, "the passive side keeps no TIME_WAIT");
            lab.awaitSegments("two FINs", 2, segment -> segment.has(Segment.FIN));
            double firstFin = lab.segments(s -> s.has(Segment.FIN)).getFirst().atSeconds();
            four = lab.comes(() -> lab.segments(s -> s.atSeconds() >= firstFin).size() == 4, 1000);
        }
        lab.claim(11, Finding.refuted("the passive side is gone while the active one is in TIME_WAIT"));
        return Finding.holdsIf(
                four, "FIN, ACK, FIN, ACK; TIME_WAIT at the client that closed first, nothing at the server");
    }
}
