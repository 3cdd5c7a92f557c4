package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C16: shutdown(READ), then shutdown(WRITE). */
public final class ShutdownReadThenWrite implements Experiment {
    @Override
    public Card card() {
        return Card.of("C16", "SHUT_RD sends nothing, SHUT_WR sends the FIN")
                .hypothesis("First the read channel closes, then the write channel.")
                .claims(38)
                .needs(Need.NAMESPACES)
                .verifies("Which half of a shutdown is seen on the wire.")
                .because("The two halves are closed one after the other, with time to see a segment between them.")
                .reading("shutdown(2), RFC 9293 §3.6.1");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        lab.awaitSegments("the handshake", 3, _ -> true);
        long before = lab.segments(_ -> true).size();
        lab.expect("shutdown(READ)", Errno.OK, connection.client().raw().shutdown(Half.READ));
        lab.pause(300);
        long afterRead = lab.figure(
                "segments after shutdown(READ)", lab.segments(_ -> true).size() - before);
        lab.expect(connection.client(), ESTABLISHED);
        connection.client().shutdownWrite();
        lab.expect(connection.client(), FIN_WAIT2);
        lab.awaitSegments("the FIN", 1, s -> s.has(Segment.FIN));
        return Finding.holdsIf(
                afterRead > 0,
                "shutdown(READ) sent " + afterRead + " segments and left ESTABLISHED; shutdown(WRITE) sent the FIN");
    }
}
