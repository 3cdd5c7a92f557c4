package io.tcplab.loadgen.lab.close;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.util.List;

/** C15: data and close, without and with TCP_CORK. */
public final class DataThenFin implements Experiment {
    @Override
    public Card card() {
        return Card.of("C15", "The FIN is sent with the last data only on request")
                .hypothesis("The FIN is in the same segment as the last data.")
                .claims(37)
                .needs(Need.NAMESPACES)
                .verifies("Whether the segment with the FIN carries data.")
                .because("The data is sent at once by default; TCP_CORK holds it back until the close.")
                .reading("tcp(7) TCP_CORK, RFC 9293 §3.10.4 (CLOSE)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection plain = lab.connected();
        plain.client().send(100);
        plain.client().close();
        List<Segment> first = lab.awaitSegments(
                "the FIN",
                1,
                s -> s.has(Segment.FIN) && s.sourcePort() == plain.client().localPort());
        Connection corked = lab.connected(plain.listener());
        corked.client().option(SocketOptions.IPPROTO_TCP, 3, 1);
        corked.client().send(100);
        corked.client().close();
        List<Segment> second = lab.awaitSegments(
                "the FIN",
                1,
                s -> s.has(Segment.FIN) && s.sourcePort() == corked.client().localPort());
        long alone = lab.figure("bytes on the FIN by default", first.getFirst().payloadBytes());
        long riding =
                lab.figure("bytes on the FIN with TCP_CORK", second.getFirst().payloadBytes());
        lab.expect(riding == 100, "a corked FIN carries the 100 bytes, it carried " + riding);
        return alone == 0
                ? Finding.conditional("by default the FIN came alone, with TCP_CORK it carried 100 bytes")
                : Finding.holds("the FIN carried the data");
    }
}
