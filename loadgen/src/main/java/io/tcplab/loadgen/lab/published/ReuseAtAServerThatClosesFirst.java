package io.tcplab.loadgen.lab.published;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** P9: a server that closes first, with tcp_tw_reuse at 0 and at 1 on its own side. */
public final class ReuseAtAServerThatClosesFirst implements Experiment {
    private static final int CONNECTIONS = 100;

    @Override
    public Card card() {
        return Card.of("P9", "tcp_tw_reuse does nothing for a server that closes first")
                .hypothesis("tcp_tw_reuse is useless for incoming connections.")
                .needs(Need.NAMESPACES)
                .verifies("The TIME_WAITs that 100 incoming connections leave, and TWRecycled, with either value.")
                .because(
                        "The server closes first, so that every TIME_WAIT is its own, and waits longer than tcp_tw_reuse_delay.")
                .reading(
                        "V. Bernat, Coping with the TCP TIME-WAIT state; ip-sysctl: tcp_tw_reuse; RFC 6191 §2, tcp(7) tcp_tw_reuse");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        long without = timeWaits(lab, 0, 9000);
        long with = timeWaits(lab, 1, 9001);
        long recycled = lab.figure("TWRecycled of the server", lab.server().delta(KernelCounter.TIME_WAITS_REUSED));
        return Finding.published(
                recycled == 0 && with == without,
                "useless for incoming connections",
                without + " TIME_WAITs at the server with 0, " + with + " with 1, TWRecycled " + recycled);
    }

    private static long timeWaits(Stage lab, int reuse, int port) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_tw_reuse", reuse);
        Listener listener = lab.server().listen(port, 64);
        for (int i = 0; i < CONNECTIONS; i++) {
            if (i == CONNECTIONS / 2) {
                // By now the first half could be reused, if incoming connections reused anything.
                lab.pause(1200);
            }
            Sock client = lab.client().open();
            // A port of its own: one that came again would take over a TIME_WAIT of the server's.
            lab.expect("bind", Errno.OK, client.bind(20_000 + i));
            lab.expect("connect", Errno.OK, client.connect(listener.address(), 3000));
            listener.accept().close();
            client.readAll();
            client.close();
        }
        lab.expect(
                lab.comes(() -> lab.server().count(TIME_WAIT, port) == CONNECTIONS, 4000) || reuse == 1,
                "with 0 every connection leaves a TIME_WAIT, there are "
                        + lab.server().count(TIME_WAIT, port));
        return lab.figure("TIME_WAIT with tcp_tw_reuse=" + reuse, lab.server().count(TIME_WAIT, port));
    }
}
