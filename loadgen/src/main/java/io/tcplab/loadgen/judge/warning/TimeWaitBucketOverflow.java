package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * More TIME_WAITs than net.ipv4.tcp_max_tw_buckets allows. The buckets are the network namespace's: whoever closes first there uses them.
 *
 * @param side whose namespace it is; absent where both sides, or nobody knows who else, are in it
 */
public record TimeWaitBucketOverflow(@Nullable Side side, long overflows, long buckets) implements RunWarning {

    static final TimeWaitBucketOverflow EXAMPLE = new TimeWaitBucketOverflow(Side.CLIENT, 40, 10);

    static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        boolean together = seen.scope() == Kernels.Scope.SHARED
                && seen.kernel(Side.CLIENT) != null
                && seen.kernel(Side.SERVER) != null;
        for (Side side : together ? List.of(Side.CLIENT) : List.of(Side.values())) {
            long overflows = seen.counter(side, KernelCounter.TIME_WAIT_OVERFLOWS);
            if (overflows > 0) {
                boolean known = !together && seen.scope() != Kernels.Scope.ANYBODY;
                long buckets = seen.sysctl(
                        together && seen.client() == null ? Side.SERVER : side, "net.ipv4.tcp_max_tw_buckets");
                found.add(new TimeWaitBucketOverflow(known ? side : null, overflows, buckets));
            }
        }
        return found;
    }

    @Override
    public String when() {
        return "tcp_max_tw_buckets was reached";
    }

    @Override
    public String message() {
        return count(overflows) + " connections "
                + (side == null ? "of this network namespace" : "on the " + side.word() + "'s side")
                + " skipped TIME_WAIT because all "
                + count(buckets) + " buckets were in use";
    }

    @Override
    public String advice() {
        return "raise net.ipv4.tcp_max_tw_buckets: without TIME_WAIT, an old segment can reach a new connection";
    }
}
