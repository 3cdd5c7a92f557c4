package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;

/** T8: the server closes every connection first. */
public final class ServerClosesFirstManyTimes implements Experiment {
    @Override
    public Card card() {
        return Card.of("T8", "A server that closes first does not stop serving")
                .hypothesis("A server that closes first accumulates TIME_WAITs until it stops serving.")
                .claims(20, 21)
                .needs(Need.NAMESPACES)
                .verifies("Far more connections than ports, without an error.")
                .because("Same as T1 except for the side that closes.")
                .reading("net/ipv4/tcp_minisocks.c tcp_timewait_state_process, RFC 6191 §2, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        PortLoop.narrow(lab.client());
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        Listener listener = lab.server().listen(128);
        PortLoop.Tally tally = PortLoop.run(lab, lab.client(), listener, 2, PortLoop.Closer.SERVER);
        int left = lab.server().count(TIME_WAIT, listener.port());
        lab.figure("TIME_WAIT at the server", left);
        String seen = tally.connected() + " connections over 20 ports in 2 s, " + (tally.noPort() + tally.other())
                + " errors; newer SYNs took over the server's TIME_WAITs, " + left + " are left";
        boolean served = tally.connected() > 5 * PortLoop.PORTS && tally.noPort() == 0;
        lab.claim(20, Finding.holdsIf(!served, seen));
        return Finding.holdsIf(!served, seen);
    }
}
