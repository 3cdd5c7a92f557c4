package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.sockdiag.ListenerReading;
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
import java.util.Optional;

/** B6: how many connections wait while a server does not accept. */
public final class AcceptQueue implements Check {

    private static final int MOST = 1_100;
    private static final int SHORT = 128;
    private static final int SYN_MILLIS = 300;
    private static final String LONG_ENOUGH = "long enough for a burst";

    @Override
    public CheckCard card() {
        return CheckCard.of("B6", "The accept queue when it is full")
                .speaks(Speaks.ANYTHING)
                .pace(Pace.LAST)
                .costs(MOST, 0)
                .observes(
                        "How many connections are established while the server accepts none (where tcplab started it; otherwise the"
                                + " limit of its listener), and who set that limit.")
                .matters("When the server pauses (garbage collection, reload, restart), a short queue overflows:"
                        + " clients wait a second until their SYN is retransmitted.")
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
        return server == null ? byItsLimit(probe) : whenFull(probe, server);
    }

    /** What the kernel says of the listener: min(backlog, somaxconn), which one connection more fills. */
    private static Finding byItsLimit(Probe probe) {
        Optional<ListenerReading> listener = listener(probe);
        if (listener.isEmpty() || listener.get().acceptQueueLimit() < 0) {
            return Finding.notObservable(
                    "a server that tcplab did not start is not stopped for this, and its listener is not seen from here",
                    "--server PROFILE, or tcplab on the server's host.");
        }
        long limit = listener.get().acceptQueueLimit();
        probe.figure("limit", limit);
        String setBy = ", set by "
                + probe.witness().map(each -> each.setBy(listener.get())).orElse("");
        int listeners = probe.witness().map(each -> each.listeners().size()).orElse(1);
        String sentence = "the accept queue" + (listeners > 1 ? " of each of " + listeners + " listeners" : "")
                + " holds " + limit + " connections and one more" + setBy;
        return limit < SHORT
                ? Finding.notObservable(
                        sentence + "; whether that is too few shows only when it is full", "--server PROFILE.")
                : Finding.asExpected(LONG_ENOUGH, sentence);
    }

    private static Optional<ListenerReading> listener(Probe probe) {
        return probe.witness().flatMap(each -> each.listeners().stream().findFirst());
    }

    private static Finding whenFull(Probe probe, StartedServer server) {
        int established = 0;
        server.freeze();
        try {
            while (established < MOST && probe.opensWithin(SYN_MILLIS)) {
                established++;
            }
        } finally {
            server.thaw();
        }
        probe.figure("established", established);
        String setBy = "";
        Optional<Witness> witness = probe.witness();
        if (witness.isPresent() && !witness.get().listeners().isEmpty()) {
            List<ListenerReading> listeners = witness.get().listeners();
            listeners.forEach(each -> probe.note(witness.get().words(each)));
            if (listeners.getFirst().acceptQueueLimit() >= 0) {
                probe.figure("limit", listeners.getFirst().acceptQueueLimit());
            }
            setBy = ", set by " + witness.get().setBy(listeners.getFirst());
        }
        if (established == MOST) {
            return Finding.notObserved("not full", "the queue was not full with " + MOST + " connections" + setBy);
        }
        return judged(
                established, established + " connections were established while the server accepted none" + setBy);
    }

    private static Finding judged(int connections, String sentence) {
        return connections < SHORT
                ? Finding.unusual(
                        "short",
                        sentence,
                        "Raise the listen() backlog: bursts of connections overflow a queue this short.")
                : Finding.asExpected(LONG_ENOUGH, sentence);
    }
}
