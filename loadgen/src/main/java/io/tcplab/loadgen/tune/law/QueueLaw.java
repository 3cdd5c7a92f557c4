package io.tcplab.loadgen.tune.law;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long the accept queue gets: min(backlog, somaxconn) + 1 and no longer, since sk_acceptq_is_full() asks whether it is longer than
 * the limit (include/net/sock.h, listen(2)); exactly so long where it overflowed.
 */
final class QueueLaw {

    private QueueLaw() {}

    /** The law for a round with a listener that is slow on purpose; {@code null} where it says nothing. */
    static @Nullable Law of(Profile profile, Map<String, String> serverSysctls, Summary round) {
        SideFigures server = round.kernel().server();
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        boolean foreign = profile.ownServer() != null;
        boolean slow = !profile.server().companion().acceptsFreely() || foreign;
        String somaxconn = serverSysctls.getOrDefault("net.core.somaxconn", "");
        if (server == null || queue == null || !slow || !somaxconn.matches("\\d{1,9}")) {
            return null;
        }
        if (profile.harmsSegments()) {
            return null; // who meets a full queue then is the network's doing
        }
        // The kernel knows the backlog of a server of the user's: its listener's limit is min(backlog, somaxconn)
        // already.
        long backlog = foreign ? queue.limit() : profile.server().companion().backlog();
        long limit = Math.min(backlog, Long.parseLong(somaxconn));
        boolean overflowed = server.counter(KernelCounter.LISTEN_OVERFLOWS) > 0;
        return new Law(
                "accept queue ≤ min(backlog, somaxconn) + 1, and exactly so where it overflowed",
                overflowed ? limit + 1 : 0,
                limit + 1,
                queue.peak(),
                "min(" + (foreign ? "the listener's limit " : "backlog ") + backlog + ", somaxconn " + somaxconn
                        + ") + 1 = " + (limit + 1) + (overflowed ? ", and it overflowed" : ", and it never overflowed"),
                false);
    }
}
