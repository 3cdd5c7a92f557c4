package io.tcplab.loadgen.lab.handshake;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** H4: one connect with ECN, read from the wire. */
public final class OptionsOfTheSyn implements Experiment {
    @Override
    public Card card() {
        return Card.of("H4", "The handshake negotiates window scale and timestamps")
                .hypothesis("A header has 6 flags and at least 20 bytes; options are negotiated in the handshake.")
                .claims(52, 55)
                .needs(Need.NAMESPACES)
                .verifies("The options of the SYNs, the size of the headers, the flags CWR and ECE.")
                .because("The client asks for ECN, so that its SYN shows the two younger flags.")
                .reading("RFC 9293 §3.1, RFC 7323, RFC 3168 §6.1.1, tcp(7) tcp_ecn");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_ecn", 1);
        lab.connected();
        Segment syn = lab.awaitSegments(
                        "the SYN", 1, s -> s.flags() != (Segment.SYN | Segment.ACK) && s.has(Segment.SYN))
                .getFirst();
        Segment answer = lab.awaitSegments("the SYN+ACK", 1, s -> s.has(Segment.SYN | Segment.ACK))
                .getFirst();
        boolean negotiated =
                syn.windowScale() >= 0 && answer.windowScale() >= 0 && syn.timestamp() >= 0 && answer.timestamp() >= 0;
        lab.figure("bytes of the SYN's header", syn.headerBytes());
        boolean younger = syn.has(0xc0);
        lab.claim(
                55,
                Finding.holdsIf(
                        negotiated,
                        "both SYNs carry window scale (2^" + syn.windowScale() + ", 2^" + answer.windowScale()
                                + ") and timestamps"));
        String seen = "the SYN has a header of " + syn.headerBytes() + " bytes and the flags " + syn.flagNames();
        lab.claim(
                52,
                younger
                        ? Finding.conditional(seen + ": 20 bytes are the least, and there are 8 flags")
                        : Finding.holds(seen));
        return younger ? Finding.conditional(seen) : Finding.holdsIf(negotiated, seen);
    }
}
