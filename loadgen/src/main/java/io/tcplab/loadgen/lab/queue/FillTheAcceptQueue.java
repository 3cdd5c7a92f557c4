package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.SYN_SENT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.util.ArrayList;
import java.util.List;

/** A1: eight clients connect to a backlog of 4 and nobody accepts. */
public final class FillTheAcceptQueue implements Experiment {
    @Override
    public Card card() {
        return Card.of("A1", "The accept queue holds backlog + 1")
                .hypothesis("A backlog of 4 lets 4 connections wait.")
                .verifies("How many are established, how many are left in SYN_SENT, and what is counted.")
                .because("Nothing accepts, so that the queue can only fill.")
                .reading("listen(2), net/ipv4/tcp_ipv4.c sk_acceptq_is_full, RFC 9293 §3.10.1 (OPEN)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(4);
        List<Sock> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Sock client = lab.client().open();
            Errno _ = client.connect(listener.address(), 0);
            clients.add(client);
            lab.pause(20);
        }
        lab.expect(lab.comes(() -> listener.queueLength() >= 4, 2000), "the queue fills");
        lab.pause(300);
        long established =
                clients.stream().filter(each -> each.state() == ESTABLISHED).count();
        long waiting = clients.stream().filter(each -> each.state() == SYN_SENT).count();
        lab.figure("clients ESTABLISHED", established);
        lab.figure("clients in SYN_SENT", waiting);
        long queue = lab.figure("Recv-Q of the listener", listener.queueLength());
        lab.expect(listener.queueLimit() == 4, "Send-Q of the listener is the backlog, it is " + listener.queueLimit());
        long overflows = lab.server().delta(KernelCounter.LISTEN_OVERFLOWS);
        lab.expect(
                overflows > 0 && overflows <= lab.server().delta(KernelCounter.LISTEN_DROPS),
                "ListenOverflows and ListenDrops move");
        return Finding.holdsIf(
                established == 4,
                established + " ESTABLISHED (Recv-Q " + queue + ", Send-Q 4), " + waiting
                        + " in SYN_SENT, ListenOverflows " + overflows);
    }
}
