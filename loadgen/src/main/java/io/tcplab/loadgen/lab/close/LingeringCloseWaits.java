package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.FIN_WAIT1;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C9: a close with unacknowledged data, without and with SO_LINGER. */
public final class LingeringCloseWaits implements Experiment {
    @Override
    public Card card() {
        return Card.of("C9", "SO_LINGER {1,2} makes close wait")
                .hypothesis("close() returns at once.")
                .claims(35)
                .needs(Need.CABLE)
                .verifies("How long close() takes: at once by default, the linger time with unacknowledged data.")
                .because(
                        "The cable loses the peer's ACKs, so that the data stays unacknowledged for as long as close may wait.")
                .reading("socket(7) SO_LINGER, RFC 1122 §4.2.2.13");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection plain = lab.connected();
        Connection lingering = lab.connected(plain.listener());
        try (Hold _ = lab.client().holdEverything()) {
            plain.client().send(100);
            lingering.client().send(100);
            double start = lab.seconds();
            plain.client().close();
            double atOnce = lab.time("close", lab.seconds() - start);
            lingering.client().linger(2);
            start = lab.seconds();
            Errno errno = lab.errno("lingering close", lingering.client().closeNow());
            double waited = lab.seconds() - start;
            lab.expectSeconds("close with SO_LINGER {1,2}", 2, waited);
            lab.expect(lingering.client(), FIN_WAIT1);
            lab.expect(atOnce < 0.5, "a plain close returns at once");
            return Finding.conditional("a plain close returned at once, with SO_LINGER {1,2} and unacknowledged"
                    + " data it held the caller for 2 s and left FIN_WAIT1 ("
                    + errno + ")");
        }
    }
}
