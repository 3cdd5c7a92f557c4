package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.ESTABLISHED;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;

/** C6: a bound socket connects to its own address. */
public final class SocketConnectsToItself implements Experiment {
    @Override
    public Card card() {
        return Card.of("C6", "A socket connects to its own port and succeeds")
                .hypothesis("Connecting to a port where nothing listens is refused.")
                .verifies("A self-connect is established, with one socket on both ends.")
                .because(
                        "The socket is bound to the port that it connects to, as may happen by chance with ephemeral ports.")
                .reading("RFC 9293 §3.5 (simultaneous open), connect(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Sock socket = lab.client().open();
        lab.expect("bind", Errno.OK, socket.bind(0));
        int port = socket.localPort();
        Errno errno = lab.errno(
                "connect to its own port",
                socket.connect(new InetSocketAddress(lab.client().address(), port), 3000));
        lab.expect(socket, ESTABLISHED);
        socket.send(5);
        long back = socket.read().value();
        lab.figure("bytes that came back", back);
        return Finding.holdsIf(
                !(errno.ok() && back == 5),
                "the socket is connected to itself and reads its own 5 bytes; a probe of a free ephemeral port may do this");
    }
}
