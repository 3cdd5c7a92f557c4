package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.watch.Leftovers;
import java.util.List;

/**
 * Earlier runs still hold ports.
 *
 * @param isolable whether the run could have had namespaces of its own
 */
public record LeftoverTimeWait(long sockets, double portsShare, boolean isolable) implements RunWarning {

    static final LeftoverTimeWait EXAMPLE = new LeftoverTimeWait(12_000, 0.42, true);

    /** Fewer do not slow the search for a port (PortSearchCliff). */
    private static final double MANY = 0.3;

    /** So few matter where a run found no port: they took some of those that it needed. */
    private static final double SOME = 0.01;

    /** However many. */
    private static final double NEVER = Double.POSITIVE_INFINITY;

    static List<RunWarning> in(Facts facts) {
        Leftovers before = facts.summary().before();
        boolean ranOut = facts.summary().outcomes().count(ConnectionOutcome.NO_LOCAL_PORT) > 0;
        return before != null
                        && before.portsShare()
                                > (ranOut ? SOME : facts.reuse().gives(facts.targetIsOnLoopback()) ? NEVER : MANY)
                ? List.of(new LeftoverTimeWait(before.timeWaitToTarget(), before.portsShare(), facts.isIsolable()))
                : List.of();
    }

    @Override
    public String when() {
        return "more than 30% of the local ports to the target were in TIME_WAIT before the run began and tcp_tw_reuse does not give"
                + " them to new connections, or 1% and a connection found no port";
    }

    @Override
    public String message() {
        return count(sockets) + " sockets were already in TIME_WAIT towards the target before the run, "
                + percent(portsShare) + " of its local ports";
    }

    @Override
    public String advice() {
        return "wait 60 s between runs"
                + (isolable ? ", or use --isolate netns, which starts with an empty table" : "");
    }
}
