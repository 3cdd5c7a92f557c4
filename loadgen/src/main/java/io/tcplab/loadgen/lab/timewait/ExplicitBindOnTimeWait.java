package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** T11: close, bind the same port and connect again, with tcp_tw_reuse=0. */
public final class ExplicitBindOnTimeWait implements Experiment {
    @Override
    public Card card() {
        return Card.of("T11", "An explicit bind with SO_REUSEADDR takes a port in TIME_WAIT")
                .hypothesis("A TIME_WAIT socket cannot be reused.")
                .claims(20)
                .needs(Need.NAMESPACES)
                .verifies("The same 4-tuple is established again within milliseconds.")
                .because("tcp_tw_reuse is 0, so that only the explicit bind can be the reason.")
                .reading("net/ipv4/inet_hashtables.c, RFC 6191 §2, socket(7) SO_REUSEADDR");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        Listener listener = lab.server().listen(16);
        int again = 0;
        for (int i = 0; i < 20; i++) {
            Sock client = lab.client().open();
            client.option(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
            lab.expect("bind", Errno.OK, client.bind(45_000));
            again += client.connect(listener.address(), 3000).ok() ? 1 : 0;
            client.shutdownWrite();
            listener.accept().close();
            client.readAll();
            client.close();
            lab.expect(client, TIME_WAIT);
        }
        return Finding.holdsIf(
                again <= 1, again + " of 20 connects from the same port, each over the TIME_WAIT of the one before");
    }
}
