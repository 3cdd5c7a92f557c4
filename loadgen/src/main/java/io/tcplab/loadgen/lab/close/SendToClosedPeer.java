package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C10: the server closes, the client goes on sending. */
public final class SendToClosedPeer implements Experiment {
    @Override
    public Card card() {
        return Card.of("C10", "The first send to a closed peer succeeds, the second is EPIPE")
                .hypothesis("A send to a peer that has closed fails.")
                .verifies("The first send is taken, answered by an RST; only the next one fails.")
                .because(
                        "The client has seen the FIN before it sends, but the kernel cannot know that the peer does not read.")
                .reading("RFC 9293 §3.6, send(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.server().close();
        lab.expect(connection.client(), CLOSE_WAIT);
        Errno first = lab.errno("first send", connection.client().send(10));
        lab.expectDelta(lab.server(), KernelCounter.OUT_RESETS, 1);
        lab.expect(connection.client(), CLOSE);
        Errno second = lab.errno("second send", connection.client().send(10));
        lab.expect("second send", Errno.EPIPE, second);
        return Finding.holdsIf(
                !first.ok(), "the first send returned " + first + " and got an RST, the second " + second);
    }
}
