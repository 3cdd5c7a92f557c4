package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;

/**
 * A listener dropped SYNs though its accept queue had room and its SYN queue was not full: without SYN cookies the last quarter of
 * tcp_max_syn_backlog is for peers that the kernel has met before (tcp_conn_request(), net/ipv4/tcp_input.c).
 *
 * @param drops ListenDrops that are no ListenOverflows and no TCPReqQFullDrop, as far as the target's listeners may have counted them
 * @param synRecvPeak most sockets seen in SYN_RECV
 * @param backlog net.ipv4.tcp_max_syn_backlog
 */
public record SynBacklogReserved(long drops, long synRecvPeak, long backlog) implements RunWarning {

    static final SynBacklogReserved EXAMPLE = new SynBacklogReserved(668, 25, 32);

    static List<RunWarning> in(Kernels seen) {
        SideFigures server = seen.kernel(Side.SERVER);
        long drops = seen.counter(Side.SERVER, KernelCounter.LISTEN_DROPS)
                - seen.counter(Side.SERVER, KernelCounter.LISTEN_OVERFLOWS)
                - seen.counter(Side.SERVER, KernelCounter.SYN_QUEUE_FULL_DROPS);
        long ours = seen.ofTargets(drops);
        long backlog = seen.sysctl(Side.SERVER, "net.ipv4.tcp_max_syn_backlog");
        boolean possible = seen.sysctl(Side.SERVER, "net.ipv4.tcp_syncookies") == 0 && backlog > 0;
        return server != null && !seen.listeners().isEmpty() && ours > 0 && possible
                ? List.of(new SynBacklogReserved(ours, seen.halfOpenPeak(), backlog))
                : List.of();
    }

    @Override
    public String when() {
        return "a listener dropped SYNs (ListenDrops) with room in both queues: three quarters of tcp_max_syn_backlog were in use"
                + " without SYN cookies";
    }

    @Override
    public String message() {
        return count(drops) + " SYNs were dropped while the accept queue had room (" + count(synRecvPeak)
                + " sockets in SYN_RECV at the peak): without SYN cookies the last quarter of tcp_max_syn_backlog ("
                + count(backlog) + ") is reserved";
    }

    @Override
    public String advice() {
        return "set net.ipv4.tcp_syncookies=1, or raise net.ipv4.tcp_max_syn_backlog; look for handshakes that are never completed";
    }
}
