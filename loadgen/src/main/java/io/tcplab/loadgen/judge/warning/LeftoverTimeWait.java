package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.loadgen.watch.Leftovers;
import java.util.List;

/**
 * Earlier runs still hold ports.
 *
 * @param isolable whether the run could have had namespaces of its own
 */
public record LeftoverTimeWait(long sockets, double portsShare, boolean isolable) implements RunWarning {

    static final LeftoverTimeWait EXAMPLE = new LeftoverTimeWait(12_000, 0.42, true);

    /** Fewer neither take the ports that a run needs nor slow the search for one (PortSearchCliff). */
    private static final double SHARE = 0.3;

    static List<RunWarning> in(Facts facts) {
        Leftovers before = facts.summary().before();
        return before != null && before.portsShare() > SHARE
                ? List.of(new LeftoverTimeWait(before.timeWaitToTarget(), before.portsShare(), facts.isIsolable()))
                : List.of();
    }

    @Override
    public String when() {
        return "more than 30% of the local ports to the target were in TIME_WAIT before the run began";
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
