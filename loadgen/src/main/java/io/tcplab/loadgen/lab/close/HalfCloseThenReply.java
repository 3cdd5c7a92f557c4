package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C3: the client ends its direction, the server goes on sending. */
public final class HalfCloseThenReply implements Experiment {
    @Override
    public Card card() {
        return Card.of("C3", "Half-close: one direction ends, the other carries data")
                .hypothesis("A FIN ends one direction only; the other still carries data.")
                .claims(32)
                .verifies(
                        "A whole transfer arrives in FIN_WAIT2 and CLOSE_WAIT, and the closed direction refuses to send.")
                .because("The FIN is acknowledged before the first byte of the reply is sent.")
                .reading("RFC 9293 §3.6, shutdown(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        lab.expect(connection.client(), FIN_WAIT2);
        lab.expect(connection.server(), CLOSE_WAIT);
        long got = 0;
        for (int i = 0; i < 10; i++) {
            connection.server().send(10_000);
            got += connection.client().read().value();
        }
        lab.errno("client sends after shutdown(WRITE)", connection.client().send(1));
        lab.expect(connection.client(), FIN_WAIT2);
        connection.server().close();
        got += connection.client().readAll().value();
        lab.figure("bytes delivered after the FIN", got);
        boolean refused = connection.client().send(1) == Errno.EPIPE;
        lab.expect(refused, "the closed direction returns EPIPE");
        return Finding.holdsIf(
                got == 100_000, got + " of 100000 bytes arrived after the FIN; its own direction returns EPIPE");
    }
}
