package io.tcplab.loadgen.lab.flow;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** F7: ten exchanges on ten connections, then on one. */
public final class ShortAgainstKept implements Experiment {
    @Override
    public Card card() {
        return Card.of("F7", "A short connection pays for its handshake and its close each time")
                .hypothesis("A short connection pays handshake and close for each request.")
                .claims(49)
                .needs(Need.NAMESPACES)
                .verifies("The segments of ten exchanges, by the kernel's own counters.")
                .because("The same exchanges; only the connections differ.")
                .reading("RFC 9293 §3.5, §3.6, nstat(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        for (int i = 0; i < 10; i++) {
            Sock client = lab.client().connect(listener);
            Sock server = listener.accept();
            exchange(client, server);
            client.close();
            server.readAll();
            server.close();
            lab.expect(client, TIME_WAIT);
        }
        long single = segments(lab);
        Connection kept = lab.connected(listener);
        for (int i = 0; i < 10; i++) {
            exchange(kept.client(), kept.server());
        }
        kept.client().close();
        kept.server().readAll();
        kept.server().close();
        lab.expect(kept.client(), TIME_WAIT);
        long together = segments(lab) - single;
        lab.figure("segments of ten short connections", single);
        lab.figure("segments of one kept connection", together);
        return Finding.holdsIf(
                single > together + 40,
                single + " segments for ten exchanges on ten connections, " + together + " on one");
    }

    private static void exchange(Sock client, Sock server) {
        client.send(64);
        server.read();
        server.send(64);
        client.read();
    }

    private static long segments(Stage lab) throws Exception {
        return lab.client().delta(KernelCounter.OUT_SEGMENTS) + lab.server().delta(KernelCounter.OUT_SEGMENTS);
    }
}
