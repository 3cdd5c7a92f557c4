package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.List;

/** SYNs were dropped before a connection was established (TCPReqQFullDrop). */
public record SynQueueDrops(long drops, long synRecvPeak) implements RunWarning {

    static final SynQueueDrops EXAMPLE = new SynQueueDrops(171, 129);

    static List<RunWarning> in(Kernels seen) {
        KernelFigures.SideFigures server = seen.kernel(Side.SERVER);
        long drops = seen.counter(Side.SERVER, KernelCounter.SYN_QUEUE_FULL_DROPS);
        boolean ours = seen.listeners().isEmpty()
                || seen.listeners().stream().anyMatch(each -> each.drops() == null || each.drops() > 0);
        return server != null && drops > 0 && ours && seen.mayHaveFilledItsSynQueue()
                ? List.of(new SynQueueDrops(drops, server.peakStates().getOrDefault("SYN_RECV", 0L)))
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
