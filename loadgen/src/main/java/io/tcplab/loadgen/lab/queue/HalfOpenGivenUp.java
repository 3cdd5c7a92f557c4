package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.host.SysctlRefused;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.SynFlood;

/** A6: one SYN that nobody completes, with tcp_synack_retries at 1. */
public final class HalfOpenGivenUp implements Experiment {
    @Override
    public Card card() {
        return Card.of("A6", "tcp_synack_retries=1 gives a half-open connection up after 3 s")
                .hypothesis("A half-open connection stays for minutes.")
                .claims(41, 42)
                .needs(Need.NAMESPACES)
                .verifies("SYN+ACKs at 0 and 1 s, gone at 3 s; the default and the maximum of the sysctl.")
                .because("One SYN from an address that never answers.")
                .reading("ip-sysctl: tcp_synack_retries, tcp(7), RFC 9293 §3.8.3 (connection failures)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        String retries = lab.server().sysctl("net.ipv4.tcp_synack_retries").orElse("absent");
        lab.server().sysctl("net.ipv4.tcp_synack_retries", 255);
        boolean limited = refuses(lab, 256);
        lab.server().sysctl("net.ipv4.tcp_synack_retries", 1);
        Listener listener = lab.server().listen(16);
        SynFlood.send(lab, listener, 1);
        lab.expectCount(lab.server(), SYN_RECV, listener.port(), 1);
        double start = lab.awaitSegments("the SYN", 1, s -> s.has(Segment.SYN))
                .getFirst()
                .atSeconds();
        lab.expect(lab.comes(() -> lab.server().count(SYN_RECV, listener.port()) == 0, 6000), "SYN_RECV ends");
        double took = lab.seconds() - start;
        lab.expectSeconds("SYN_RECV with tcp_synack_retries=1", 3, took);
        long answers = lab.figure(
                "SYN+ACKs", lab.segments(s -> s.has(Segment.SYN | Segment.ACK)).size());
        lab.expect(answers == 2, "two SYN+ACKs, seen " + answers);
        lab.claim(
                41,
                retries.equals("5") && limited
                        ? Finding.conditional(
                                "the default is 5 and 256 is refused; each retry doubles the wait (3 s for 1), so 5 make 63 s, not 180 s")
                        : Finding.refuted("the default is " + retries));
        lab.claim(
                42,
                Finding.holdsIf(
                        retries.equals("5"),
                        "3 s with one retry; each further one doubles the wait, so the default of " + retries
                                + " makes 63 s (computed here, waited for with --long)"));
        return Finding.holdsIf(took > 60, "gone after " + lab.tenths(took) + " s and " + answers + " SYN+ACKs");
    }

    private static boolean refuses(Stage lab, int value) throws Exception {
        try {
            lab.server().sysctl("net.ipv4.tcp_synack_retries", value);
            return false;
        } catch (SysctlRefused e) {
            lab.note(String.valueOf(e.getMessage()));
            return true;
        }
    }
}
