package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.ArrayList;
import java.util.List;

/** More TIME_WAITs than net.ipv4.tcp_max_tw_buckets allows. */
public record TimeWaitBucketOverflow(Side side, long overflows, long buckets) implements RunWarning {

    static final TimeWaitBucketOverflow EXAMPLE = new TimeWaitBucketOverflow(Side.CLIENT, 40, 10);

    static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        for (Side side : Side.values()) {
            long overflows = seen.counter(side, KernelCounter.TIME_WAIT_OVERFLOWS);
            if (overflows > 0) {
                found.add(
                        new TimeWaitBucketOverflow(side, overflows, seen.sysctl(side, "net.ipv4.tcp_max_tw_buckets")));
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
        return count(overflows) + " connections of the " + side.word() + " skipped TIME_WAIT because all "
                + count(buckets) + " buckets were in use";
    }

    @Override
    public String advice() {
        return "raise net.ipv4.tcp_max_tw_buckets: without TIME_WAIT, an old segment can reach a new connection";
    }
}
