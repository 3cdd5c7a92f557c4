package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Subject;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.inspect.Witness;
import io.tcplab.loadgen.run.StartedServer;
import java.util.List;

/** B6: how many connections wait while a server does not accept. */
public final class AcceptQueue implements Check {

    private static final int MOST = 1_100;
    private static final int SHORT = 128;
    private static final int SYN_MILLIS = 300;

    @Override
    public CheckCard card() {
        return CheckCard.of("B6", "The accept queue when it is full")
                .speaks(Speaks.ANYTHING)
                .pace(Pace.LAST)
                .costs(MOST, 0)
                .observes("How many connections are established while the server accepts none, and who set that limit.")
                .matters("In a pause of the server (collector, reload, restart) a short queue"
                        + " overflows: clients wait a second for their SYN to be sent again.")
                .order("All processes of the server are stopped, so that only the kernel answers;"
                        + " connections are opened until a SYN is not answered.")
                .sources("listen(2)", "net/ipv4/tcp_minisocks.c, sk_acceptq_is_full", "ClickHouse#5878", "puma#1808");
    }

    @Override
    public boolean asks(Subject subject) {
        return subject.started() != null;
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        StartedServer server = probe.subject().started();
        if (server == null) {
            return Finding.notObservable(
                    "a server that tcplab did not start is not stopped for this", "--server PROFILE.");
        }
        int established = 0;
        Errno _ = server.freeze();
        try {
            while (established < MOST && probe.opensWithin(SYN_MILLIS)) {
                established++;
            }
        } finally {
            Errno _ = server.thaw();
        }
        probe.figure("established", established);
        List<ListenerReading> listeners =
                probe.witness().map(Witness::listeners).orElse(List.of());
        listeners.forEach(each -> probe.note(Witness.words(each)));
        String setBy = listeners.isEmpty() ? "" : ", set by " + Witness.setBy(listeners.getFirst());
        if (established == MOST) {
            return Finding.notObserved("not full", "the queue was not full with " + MOST + " connections" + setBy);
        }
        String sentence = established + " connections were established while the server accepted none" + setBy;
        return established < SHORT
                ? Finding.unusual(
                        "short",
                        sentence,
                        "Raise the listen() backlog: bursts of connections overflow a queue this short.")
                : Finding.asExpected("long enough for a burst", sentence);
    }
}
