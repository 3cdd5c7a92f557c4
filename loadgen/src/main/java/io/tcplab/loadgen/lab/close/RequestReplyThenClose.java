package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.util.List;

/** C2: request, reply, the client closes, the server closes at the end of the stream. */
public final class RequestReplyThenClose implements Experiment {
    @Override
    public Card card() {
        return Card.of("C2", "After a request and a reply a close takes three segments")
                .hypothesis("The peer's ACK and FIN are separate segments, so that a close takes four.")
                .claims(4, 5, 6, 40)
                .needs(Need.NAMESPACES)
                .verifies("How many segments a close takes when the server closes as soon as it reads the end.")
                .because(
                        "After a reply the kernel delays its ACKs, and a server that closes within that delay sends ACK and FIN as one.")
                .reading("RFC 9293 §3.8.6.3 (delayed ACK), net/ipv4/tcp_input.c tcp_fin, tcp(7) TCP_QUICKACK");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(64);
        int merged = 0;
        for (int i = 0; i < 20; i++) {
            Sock client = lab.client().connect(listener);
            Sock server = listener.accept();
            client.send(100);
            server.read();
            server.send(100);
            client.read();
            client.close();
            server.readAll();
            server.close();
            lab.expect(client, TIME_WAIT);
            int port = client.localPort();
            lab.awaitSegments(
                    "two FINs", 2, s -> s.has(Segment.FIN) && (s.sourcePort() == port || s.destinationPort() == port));
            lab.pause(2);
            List<Segment> own = lab.segments(s -> s.sourcePort() == port || s.destinationPort() == port);
            double fin = own.stream()
                    .filter(s -> s.has(Segment.FIN))
                    .findFirst()
                    .orElseThrow()
                    .atSeconds();
            merged += own.stream().filter(s -> s.atSeconds() >= fin).count() == 3 ? 1 : 0;
        }
        lab.figure("closes of three segments, of 20", merged);
        boolean mostly = merged >= 15;
        String seen = merged + " of 20 closes took three segments: FIN, FIN+ACK, ACK";
        lab.claim(
                6,
                mostly
                        ? Finding.conditional("they do not show, but because ACK and FIN are one segment: " + seen)
                        : Finding.refuted(seen));
        lab.claim(40, Finding.holdsIf(merged > 0, seen));
        return Finding.holdsIf(!mostly, seen);
    }
}
