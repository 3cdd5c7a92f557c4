package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.List;

/**
 * SYNs were dropped before a connection was established (TCPReqQFullDrop).
 *
 * @param drops as far as the target's listeners may have counted them
 * @param synRecvPeak most sockets seen in SYN_RECV
 */
public record SynQueueDrops(long drops, long synRecvPeak) implements RunWarning {

    static final SynQueueDrops EXAMPLE = new SynQueueDrops(171, 129);

    static List<RunWarning> in(Kernels seen) {
        long drops = seen.counter(Side.SERVER, KernelCounter.SYN_QUEUE_FULL_DROPS);
        long ours = seen.listeners().isEmpty() ? drops : seen.ofTargets(drops);
        return ours > 0 && seen.mayHaveFilledItsSynQueue()
                ? List.of(new SynQueueDrops(ours, seen.halfOpenPeak()))
                : List.of();
    }

    @Override
    public String when() {
        return "SYNs were dropped because the SYN queue of a listener of the target was full";
    }

    @Override
    public String message() {
        return count(drops) + " SYNs were dropped because the SYN queue was full (" + count(synRecvPeak)
                + " sockets in SYN_RECV at its peak)";
    }

    @Override
    public String advice() {
        return "set net.ipv4.tcp_syncookies=1, or raise the listen() backlog and net.ipv4.tcp_max_syn_backlog";
    }
}
