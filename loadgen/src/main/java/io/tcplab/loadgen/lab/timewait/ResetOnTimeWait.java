package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Forge;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** T14: a forged RST onto a TIME_WAIT, with tcp_rfc1337 at 0 and at 1. */
public final class ResetOnTimeWait implements Experiment {
    @Override
    public Card card() {
        return Card.of("T14", "tcp_rfc1337 decides whether an RST ends a TIME_WAIT")
                .hypothesis("Nothing ends a TIME_WAIT before its time.")
                .needs(Need.NAMESPACES)
                .verifies("With 0, an RST with the right sequence number ends it; with 1, it does not.")
                .because("The same RST is sent twice and only the sysctl differs.")
                .reading("RFC 1337, ip-sysctl: tcp_rfc1337, RFC 9293 §3.10.7.4, tcp(7) tcp_rfc1337");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        boolean killed = assassinated(lab, 0, 9000);
        boolean killedToo = assassinated(lab, 1, 9001);
        lab.expect(!killedToo, "tcp_rfc1337=1 protects the TIME_WAIT");
        return killed
                ? Finding.refuted("with tcp_rfc1337=0, the default, one RST ended it; with 1 it stayed")
                : Finding.holds("the RST was ignored with 0 and with 1");
    }

    private static boolean assassinated(Stage lab, int protect, int port) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_rfc1337", protect);
        Connection connection = lab.connected(lab.server().listen(port, 4));
        Sock client = connection.client();
        client.shutdownWrite();
        connection.server().close();
        client.readAll();
        client.close();
        lab.expect(client, TIME_WAIT);
        Segment last = lab.awaitSegments("the server's FIN", 1, s -> s.has(Segment.FIN) && s.sourcePort() == port)
                .getFirst();
        try (Forge forge = lab.server().forge(lab.client())) {
            forge.send(port, client.localPort(), last.nextSequence(), 0, Segment.RST, new byte[0]);
        }
        boolean gone = lab.comes(() -> client.state() == CLOSE, 700);
        lab.note("TIME_WAIT after the RST with tcp_rfc1337=" + protect + ": " + (gone ? "gone" : "still there"));
        return gone;
    }
}
