package io.tcplab.loadgen.lab.flow;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** F2: data to a peer that is silent, with TCP_USER_TIMEOUT. */
public final class DataToAVanishedPeer implements Experiment {
    @Override
    public Card card() {
        return Card.of("F2", "TCP_USER_TIMEOUT=1000 ends a send that is not acknowledged")
                .hypothesis("Unacknowledged data is sent again for many minutes.")
                .needs(Need.CABLE)
                .verifies("ETIMEDOUT after about a second.")
                .because("The cable loses all that the client sends, from before the data.")
                .reading("tcp(7) TCP_USER_TIMEOUT, RFC 5482 §3");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        lab.settle(connection);
        connection.client().option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_USER_TIMEOUT, 1000);
        try (Hold _ = lab.server().holdEverything()) {
            connection.client().send(100);
            double start = lab.seconds();
            Errno errno =
                    lab.errno("the connection ends with", connection.client().awaitError(15_000));
            double took = lab.time("until the end", lab.seconds() - start);
            lab.expect(errno == Errno.ETIMEDOUT, "ETIMEDOUT, got " + errno);
            return Finding.holdsIf(took > 60, errno + " after " + lab.tenths(took) + " s");
        }
    }
}
