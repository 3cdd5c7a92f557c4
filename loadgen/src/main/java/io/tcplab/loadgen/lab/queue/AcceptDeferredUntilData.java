package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;

/** A7: a listener waits for data before it takes the connection. */
public final class AcceptDeferredUntilData implements Experiment {
    @Override
    public Card card() {
        return Card.of("A7", "TCP_DEFER_ACCEPT leaves the server in SYN_RECV")
                .hypothesis("Client and server reach ESTABLISHED together.")
                .claims(26, 57)
                .needs(Need.NAMESPACES)
                .verifies("The client is ESTABLISHED and the server in SYN_RECV until data comes.")
                .because("The client sends its data half a second after its connect.")
                .reading("tcp(7) TCP_DEFER_ACCEPT, RFC 9293 §3.5");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server()
                .listen(new InetSocketAddress(lab.server().address(), 9000), 16, socket -> {
                    Errno _ = socket.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_DEFER_ACCEPT, 5);
                });
        Sock client = lab.client().connect(listener);
        lab.expect(client, ESTABLISHED);
        lab.pause(500);
        lab.expect(listener.queueLength() == 0, "nothing to accept yet");
        lab.expectCount(lab.server(), SYN_RECV, 9000, 1);
        client.send(5);
        Sock server = listener.accept();
        lab.expect(server, ESTABLISHED);
        lab.claim(26, Finding.holds("SYN_RECV lasted half a second, because the final ACK was ignored"));
        return Finding.refuted("the client was ESTABLISHED for half a second while the server was in SYN_RECV");
    }
}
