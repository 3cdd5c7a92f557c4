package io.tcplab.loadgen.lab.flow;

import static io.tcplab.kernel.TcpState.ESTABLISHED;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** F1: keepalive probes 1/1/2 to a peer that is silent, and to one that lives. */
public final class ProbesToAVanishedPeer implements Experiment {
    @Override
    public Card card() {
        return Card.of("F1", "Keepalive probes find a vanished peer")
                .hypothesis("Keepalive probes close a connection whose peer is dead.")
                .claims(48)
                .needs(Need.CABLE)
                .verifies("ETIMEDOUT after idle + interval × count; a live peer answers and nothing happens.")
                .because("The cable loses all that the client sends once the connection is idle.")
                .reading("tcp(7) TCP_KEEPIDLE, RFC 9293 §3.8.4");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection alive = lab.connected();
        probes(alive.client());
        lab.pause(1500);
        lab.expect(alive.client(), ESTABLISHED);
        long answered = lab.figure("probes to the live peer", lab.client().delta(KernelCounter.KEEPALIVE_PROBES));
        lab.expect(answered > 0, "the live peer was probed");
        alive.client().linger(0);
        alive.client().close();
        Connection dead = lab.connected(alive.listener());
        try (Hold _ = lab.server().holdEverything()) {
            double start = lab.seconds();
            probes(dead.client());
            Errno errno = lab.errno("the connection ends with", dead.client().awaitError(8000));
            double took = lab.time("until the end", lab.seconds() - start);
            lab.expect(took > 2.3 && took < 4.6, "idle 1 s + 2 probes of 1 s, took " + took);
            lab.expectDelta(lab.client(), KernelCounter.ABORTS_ON_TIMEOUT, 1);
            return Finding.holdsIf(
                    errno == Errno.ETIMEDOUT,
                    errno + " after " + lab.tenths(took) + " s; the live peer answered its probe and stayed");
        }
    }

    private static void probes(Sock sock) {
        sock.option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_KEEPIDLE, 1);
        sock.option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_KEEPINTVL, 1);
        sock.option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_KEEPCNT, 2);
        sock.option(SocketOptions.SOL_SOCKET, SocketOptions.SO_KEEPALIVE, 1);
    }
}
