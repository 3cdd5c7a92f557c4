package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.util.List;

/** C17: the client closes, the server does nothing. */
public final class CloseWaitUntilTheApplicationCloses implements Experiment {
    @Override
    public Card card() {
        return Card.of("C17", "CLOSE_WAIT: the FIN was acknowledged long ago")
                .hypothesis("CLOSE_WAIT is the time between receiving the FIN and sending the ACK.")
                .claims(30)
                .needs(Need.NAMESPACES)
                .verifies("The ACK is sent immediately; the state lasts until the application closes.")
                .because("The server does nothing for longer than any delayed ACK.")
                .reading("RFC 9293 §3.3.2, close(2), ss(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        List<Segment> fin = lab.awaitSegments("the FIN", 1, s -> s.has(Segment.FIN));
        long next = fin.getFirst().nextSequence();
        List<Segment> ack = lab.awaitSegments("its ACK", 1, s -> !lab.fromClient(s) && s.acknowledgement() == next);
        double took = lab.time(
                "FIN to ACK", ack.getFirst().atSeconds() - fin.getFirst().atSeconds());
        lab.pause(1000);
        boolean still = lab.seen(connection.server()) == CLOSE_WAIT;
        connection.server().close();
        lab.expect(connection.server(), CLOSE);
        return Finding.holdsIf(
                !still,
                "the ACK left within " + Math.max(1, Math.round(took * 1000))
                        + " ms, CLOSE_WAIT still existed a second later and ended with close()");
    }
}
