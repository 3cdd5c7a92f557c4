package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.util.ArrayList;
import java.util.List;

/** A9: 200 clients close, the server's application does not. */
public final class CloseWaitLeak implements Experiment {
    @Override
    public Card card() {
        return Card.of("A9", "CLOSE_WAIT stays until the application closes")
                .hypothesis("Many CLOSE_WAIT mean that the application does not close.")
                .claims(31)
                .needs(Need.NAMESPACES)
                .verifies("The clients are gone, every server socket stays, and goes when it is closed.")
                .because("tcp_fin_timeout is 1, so that the clients' side cannot be the reason.")
                .reading("RFC 9293 §3.3.2, close(2), ss(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_fin_timeout", 1);
        Listener listener = lab.server().listen(256);
        List<Sock> leaked = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Sock client = lab.client().connect(listener);
            leaked.add(listener.accept());
            client.close();
        }
        lab.expect(lab.comes(() -> lab.client().count(FIN_WAIT2, 9000) == 0, 25_000), "the clients leave FIN_WAIT2");
        lab.pause(500);
        int left = lab.server().count(CLOSE_WAIT, 9000);
        lab.figure("CLOSE_WAIT when the clients are gone", left);
        leaked.forEach(Sock::close);
        boolean freed = lab.comes(() -> lab.server().count(CLOSE_WAIT, 9000) == 0, 4000);
        return Finding.holdsIf(
                left == 200 && freed,
                left + " stayed after their clients were gone, and ended when the application closed them");
    }
}
