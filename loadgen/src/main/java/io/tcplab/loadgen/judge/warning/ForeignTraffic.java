package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import java.util.List;

/**
 * Others used the same network namespace.
 *
 * @param isolable whether the run could have had namespaces of its own
 */
public record ForeignTraffic(Side side, long connections, double share, boolean isolable) implements RunWarning {

    static final ForeignTraffic EXAMPLE = new ForeignTraffic(Side.CLIENT, 120, 0.02, true);

    private static final double SHARE = 0.01;
    private static final long LEAST = 5;

    static List<RunWarning> in(Facts facts) {
        // Whatever else connects in a namespace of our own is a fault of ours, which InvariantBroken finds.
        if (facts.environment().isolation().equals("netns")) {
            return List.of();
        }
        return judged(facts.summary().reconciliation(), facts.isIsolable());
    }

    /** Of a merge, whose counts are held against kernels that several shards used together. */
    public static List<RunWarning> ofMerged(Summary merged) {
        return judged(merged.reconciliation(), false);
    }

    private static List<RunWarning> judged(List<Reconciled> reconciliation, boolean isolable) {
        return reconciliation.stream()
                .filter(check -> check.is(Reconciled.Check.CONNECTS))
                .filter(check -> isMuch(check.kernel() - check.ours(), check.kernel()))
                .<RunWarning>map(check -> new ForeignTraffic(
                        Side.CLIENT,
                        check.kernel() - check.ours(),
                        (check.kernel() - check.ours()) / (double) check.kernel(),
                        isolable))
                .toList();
    }

    private static boolean isMuch(long foreign, long all) {
        return foreign > LEAST && foreign > all * SHARE;
    }

    @Override
    public String when() {
        return "the kernel's counters contain connections that are not ours";
    }

    @Override
    public String message() {
        return "the " + side.word() + "'s kernel counted about " + count(connections)
                + " connections that are not ours (" + percent(share) + "): its counters include them";
    }

    @Override
    public String advice() {
        return isolable
                ? "run with --isolate netns to count this run only"
                : "stop what else connects from this host meanwhile, or run the generator in a network namespace of its own"
                        + " (ip netns exec)";
    }
}
