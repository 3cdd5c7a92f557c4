package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.LISTEN;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** S1: a listener. */
public final class ListenIsHeld implements Experiment {
    @Override
    public Card card() {
        return Card.of("S1", "LISTEN")
                .hypothesis("LISTEN: waits for SYNs from anywhere (监听).")
                .claims(56)
                .needs(Need.NAMESPACES)
                .verifies("LISTEN in sock_diag and in /proc/net/tcp.")
                .because("listen() and nothing else.")
                .reading("RFC 9293 §3.3.2, listen(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        return Held.show(lab, lab.server(), LISTEN, listener.port());
    }
}
