package io.tcplab.loadgen.lab.handshake;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.util.List;

/** H1: one connect and one close, read from the wire. */
public final class SynThenSynAckThenAck implements Experiment {
    @Override
    public Card card() {
        return Card.of("H1", "The handshake is SYN, SYN+ACK, ACK")
                .hypothesis("A handshake takes three segments; SYN and FIN each use one sequence number.")
                .claims(1, 2, 57)
                .needs(Need.NAMESPACES)
                .verifies("Flags and numbers of the first three segments and of the FIN.")
                .because("Nothing is sent but the handshake and a FIN, so that every number is theirs.")
                .reading("RFC 9293 §3.5, connect(2), packet(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        List<Segment> first = lab.awaitSegments("the handshake", 3, _ -> true);
        Segment syn = first.get(0);
        Segment answer = first.get(1);
        Segment ack = first.get(2);
        boolean three = syn.flags() == Segment.SYN && answer.flags() == (Segment.SYN | Segment.ACK) && ack.isPureAck();
        boolean numbers =
                answer.acknowledgement() == syn.nextSequence() && ack.acknowledgement() == answer.nextSequence();
        connection.client().shutdownWrite();
        Segment fin = lab.awaitSegments("the FIN", 1, s -> s.has(Segment.FIN)).getFirst();
        boolean one =
                lab.awaitSegments("its ACK", 1, s -> !lab.fromClient(s) && s.acknowledgement() == fin.sequence() + 1)
                                .size()
                        == 1;
        lab.claim(2, Finding.holdsIf(syn.payloadBytes() == 0, "the SYN carried " + syn.payloadBytes() + " bytes"));
        double gap = ack.atSeconds() - answer.atSeconds();
        lab.claim(
                57,
                Finding.holds("with room in the accept queue both were ESTABLISHED, "
                        + Math.max(1, Math.round(gap * 1000)) + " ms apart at most"));
        return Finding.holdsIf(
                three && numbers && one,
                "SYN, SYN+ACK with ack = seq + 1, ACK with ack = seq + 1; the FIN was acknowledged by seq + 1");
    }
}
