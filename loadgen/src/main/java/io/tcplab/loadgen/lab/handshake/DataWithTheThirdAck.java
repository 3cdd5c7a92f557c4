package io.tcplab.loadgen.lab.handshake;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.util.List;

/** H2: the client holds its ACK back until it has data. */
public final class DataWithTheThirdAck implements Experiment {
    @Override
    public Card card() {
        return Card.of("H2", "The third segment may carry data")
                .hypothesis("The third segment of a handshake may carry data.")
                .claims(3)
                .needs(Need.NAMESPACES)
                .verifies("SYN, SYN+ACK, and an ACK that carries 5 bytes.")
                .because("TCP_QUICKACK is off, so that the ACK waits for the data.")
                .reading("tcp(7) TCP_QUICKACK, RFC 9293 §3.5");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        long most = 0;
        for (int i = 0; i < 10 && most == 0; i++) {
            Sock client = lab.client().open();
            client.option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_DEFER_ACCEPT, 1);
            client.option(SocketOptions.IPPROTO_TCP, 12, 0);
            lab.expect("connect", Errno.OK, client.connect(listener.address(), 3000));
            client.send(5);
            listener.accept().read();
            List<Segment> own = lab.awaitSegments("the third segment", 2, s -> s.sourcePort() == client.localPort());
            most = own.get(1).payloadBytes();
        }
        lab.figure("bytes in the third segment", most);
        return Finding.holdsIf(most > 0, "the third segment carried " + most + " bytes");
    }
}
