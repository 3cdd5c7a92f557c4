package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C7: the client closes with SO_LINGER {1,0}. */
public final class AbortiveCloseSendsReset implements Experiment {
    @Override
    public Card card() {
        return Card.of("C7", "SO_LINGER {1,0}: one RST, no TIME_WAIT")
                .hypothesis("SO_LINGER lets a close avoid TIME_WAIT by an RST.")
                .claims(39, 40)
                .verifies("One RST, no TIME_WAIT on either side, ECONNRESET at the peer.")
                .because("The abort comes on an idle connection, so that only the abort can be the reason.")
                .reading("socket(7), RFC 9293 §3.10.5 (ABORT)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().linger(0);
        connection.client().close();
        lab.expect(connection.client(), CLOSE);
        lab.expect("server reads", Errno.ECONNRESET, connection.server().read().errno());
        lab.expect(connection.server(), CLOSE);
        lab.expectDelta(lab.client(), KernelCounter.ABORTS_ON_DATA, 1);
        lab.expectDelta(lab.client(), KernelCounter.OUT_RESETS, 1);
        int left = lab.client().count(TIME_WAIT, connection.listener().port())
                + lab.server().count(TIME_WAIT, connection.listener().port());
        return Finding.holdsIf(
                left == 0, "TCPAbortOnData 1, OutRsts 1, ECONNRESET at the peer, TIME_WAIT on either side: " + left);
    }
}
