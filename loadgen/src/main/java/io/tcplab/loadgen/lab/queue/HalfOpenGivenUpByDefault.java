package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.SynFlood;
import java.util.List;
import java.util.stream.Collectors;

/** A6L: one SYN that nobody completes, with the default tcp_synack_retries. */
public final class HalfOpenGivenUpByDefault implements Experiment {
    @Override
    public Card card() {
        return Card.of("A6L", "By default a half-open connection is given up after 63 s")
                .hypothesis("A SYN times out after 30 s to 2 min.")
                .claims(41, 42)
                .needs(Need.NAMESPACES)
                .verifies("Six SYN+ACKs, gone at 63 s, in real time.")
                .because("One SYN from an address that never answers.")
                .reading("ip-sysctl: tcp_synack_retries; Cloudflare, SYN packet handling in the wild; RFC"
                        + " 9293 §3.8.3 (connection failures), tcp(7) tcp_synack_retries")
                .takesLong(90);
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        SynFlood.send(lab, listener, 1);
        lab.expectCount(lab.server(), SYN_RECV, listener.port(), 1);
        double took = lab.secondsUntil("SYN_RECV", 80_000, () -> lab.server().count(SYN_RECV, listener.port()) == 0);
        List<Segment> answers = lab.segments(s -> s.has(Segment.SYN | Segment.ACK));
        lab.figure("SYN+ACKs", answers.size());
        double first = answers.getFirst().atSeconds();
        String at = answers.stream()
                .map(each -> Long.toString(Math.round(each.atSeconds() - first)))
                .collect(Collectors.joining(", "));
        String seen = "published: tcp_synack_retries=5, the last at 31 s, dropped at 63 s; here: " + answers.size()
                + " SYN+ACKs at " + at + " s, gone after " + lab.tenths(took) + " s";
        lab.claim(41, Finding.refuted(seen + ", not 180 s"));
        return Finding.holdsIf(took >= 30 && took <= 120, seen);
    }
}
