package io.tcplab.loadgen.lab.published;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import java.util.ArrayList;
import java.util.List;

/** P8: more clients than the queue can hold, for backlogs of 1, 10 and 1024. */
public final class AcceptQueuesOfThreeLengths implements Experiment {
    private static final int BEYOND = 4;

    @Override
    public Card card() {
        return Card.of("P8", "The accept queue is full at min(backlog, somaxconn) + 1")
                .hypothesis("The accept queue takes 2 connections for a backlog of 1, 11 for 10 and 1025 for 1024.")
                .needs(Need.NAMESPACES)
                .verifies("How many connections wait in the queue of a listener that never accepts.")
                .because(
                        "More clients connect than the queue can hold; the fourth listener requests more than somaxconn allows.")
                .reading("Cloudflare, SYN packet handling in the wild; listen(2); net/core/sock.c,"
                        + " include/net/sock.h sk_acceptq_is_full; RFC 9293 §3.10.1 (OPEN)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        List<Long> waiting = new ArrayList<>();
        int port = 9000;
        for (int backlog : new int[] {1, 10, 1024}) {
            waiting.add(lab.figure("waiting with backlog " + backlog, fill(lab, port++, backlog, backlog)));
        }
        lab.server().sysctl("net.core.somaxconn", 5);
        long clamped = lab.figure("waiting with backlog 100, somaxconn 5", fill(lab, port, 100, 5));
        lab.expect(clamped == 6, "somaxconn = 5 leaves room for 6, there were " + clamped);
        return Finding.published(
                waiting.equals(List.of(2L, 11L, 1025L)),
                "2 for 1, 11 for 10, 1025 for 1024",
                waiting.get(0) + " for 1, " + waiting.get(1) + " for 10, " + waiting.get(2) + " for 1024, " + clamped
                        + " for 100 with somaxconn 5");
    }

    private static long fill(Stage lab, int port, int backlog, int limit) throws Exception {
        Listener listener = lab.server().listen(port, backlog);
        for (int i = 0; i <= limit + BEYOND; i++) {
            Errno _ = lab.client().open().connect(listener.address(), i <= limit ? 2000 : 0);
        }
        lab.expect(listener.queueLimit() == limit, "Send-Q is " + limit + ", it is " + listener.queueLimit());
        return listener.queueLength();
    }
}
