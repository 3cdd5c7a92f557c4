package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C8: the server closes and has not read what came. */
public final class UnreadDataThenClose implements Experiment {
    @Override
    public Card card() {
        return Card.of("C8", "A close with unread data is an RST")
                .hypothesis("Data that was acknowledged was read by the peer's application.")
                .claims(36)
                .verifies(
                        "The FIN is acknowledged while the data waits unread; a close with unread data then sends an RST.")
                .because(
                        "The client's FIN is acknowledged before the server closes, so that only the unread data can be the reason.")
                .reading("RFC 1122 §4.2.2.13, RFC 2525 §2.17, close(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().send(1000);
        connection.client().shutdownWrite();
        lab.expect(connection.client(), FIN_WAIT2);
        long waiting =
                connection.server().reading().map(SocketReading::receiveQueue).orElse(-1L);
        lab.figure("bytes in the peer's receive queue", waiting);
        lab.claim(
                36,
                Finding.holdsIf(
                        waiting >= 1000,
                        "the FIN was acknowledged with " + waiting + " bytes in the peer's queue, none of them read"));
        connection.server().close();
        lab.expectDelta(lab.server(), KernelCounter.ABORTS_ON_CLOSE, 1);
        lab.expect("client reads", Errno.ECONNRESET, connection.client().read().errno());
        return Finding.refuted(
                "acknowledged and never read: the close threw 1000 bytes away with an RST (TCPAbortOnClose 1)");
    }
}
