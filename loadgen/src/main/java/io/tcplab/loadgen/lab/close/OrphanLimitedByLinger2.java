package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.FIN_WAIT2;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** C11: closes into FIN_WAIT2 with TCP_LINGER2 at 2 and at -1. */
public final class OrphanLimitedByLinger2 implements Experiment {
    @Override
    public Card card() {
        return Card.of("C11", "TCP_LINGER2 limits FIN_WAIT2 of one socket")
                .hypothesis("FIN_WAIT2 lasts until the peer's FIN.")
                .claims(33)
                .verifies("An orphan leaves FIN_WAIT2 after TCP_LINGER2 seconds, or at once with -1.")
                .because("The peer never closes, so that only the socket's own timer can end the state.")
                .reading("tcp(7) TCP_LINGER2, RFC 9293 §3.6.1");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection limited = lab.connected();
        lab.settle(limited);
        limited.client().option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_LINGER2, 2);
        limited.client().close();
        lab.expect(limited.client(), FIN_WAIT2);
        double start = lab.seconds();
        Connection open = lab.connected(limited.listener());
        open.client().shutdownWrite();
        lab.expect(open.client(), FIN_WAIT2);
        Connection atOnce = lab.connected(limited.listener());
        atOnce.client().option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_LINGER2, -1);
        atOnce.client().shutdownWrite();
        lab.expect(atOnce.client(), FIN_WAIT2);
        atOnce.client().close();
        lab.expectDelta(lab.client(), KernelCounter.ABORTS_ON_LINGER, 1);
        lab.expect(atOnce.client(), CLOSE);
        lab.expect(lab.comes(() -> limited.client().state() == CLOSE, 20_000), "the orphan leaves FIN_WAIT2");
        double took = lab.time("orphaned FIN_WAIT2 with TCP_LINGER2 = 2", lab.seconds() - start);
        lab.expect(took > 1.9, "not gone before its time, took " + took);
        lab.expect(open.client(), FIN_WAIT2);
        lab.expect(limited.server(), CLOSE_WAIT);
        return Finding.conditional("with its descriptor open it stays; an orphan was gone after " + lab.tenths(took)
                + " s (TCP_LINGER2 = 2) and at once by RST (-1)");
    }
}
