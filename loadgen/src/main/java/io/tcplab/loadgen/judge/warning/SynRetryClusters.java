package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Connect latencies gather at the times of SYN retransmissions.
 *
 * @param atSeconds these times, in seconds
 * @param ownDrops packets that the run's own network dropped, where no listener of the target dropped any; 0 = none
 * @param listenerDrops SYNs and final ACKs that the target's listeners dropped; absent where they were not seen to the end
 */
public record SynRetryClusters(
        long connections,
        String atSeconds,
        long synRetransmits,
        long ownDrops,
        @Nullable Long listenerDrops) implements RunWarning {

    static final SynRetryClusters EXAMPLE = new SynRetryClusters(31, "1, 2, 3", 40, 0, null);

    private static final long SECOND = 1_000_000_000L;
    private static final int RETRIES = 8;

    /** SYNs go again after 1 s each as often as tcp_syn_linear_timeouts says, then after twice as long each time (ip-sysctl). */
    static List<RunWarning> in(Facts facts) {
        Histogram connects = facts.measured().connects();
        long retransmits = facts.counter(Side.CLIENT, KernelCounter.SYN_RETRANSMITS);
        // Without a retransmit a latency near a second is something else, such as a generator that was stopped.
        if (retransmits == 0 || connects.getTotalCount() == 0 || connects.getMaxValue() < 9 * SECOND / 10) {
            return List.of();
        }
        long linear = facts.sysctl(Side.CLIENT, "net.ipv4.tcp_syn_linear_timeouts");
        StringBuilder times = new StringBuilder();
        long clustered = 0;
        long at = 0;
        long timeout = 1;
        for (int i = 0; i < RETRIES; i++) {
            at += timeout;
            if (i >= linear) {
                timeout *= 2;
            }
            long near = connects.getCountBetweenValues(at * SECOND - SECOND / 20, at * SECOND + 3 * SECOND / 10);
            if (near > 0) {
                clustered += near;
                times.append(times.isEmpty() ? "" : ", ").append(at);
            }
        }
        if (clustered == 0) {
            return List.of();
        }
        Long listenerDrops = facts.kernels().droppedByTargets();
        boolean dropped =
                listenerDrops == null ? facts.counter(Side.SERVER, KernelCounter.LISTEN_DROPS) > 0 : listenerDrops > 0;
        long ownDrops = dropped ? 0 : facts.droppedByOwnNetwork();
        return List.of(new SynRetryClusters(clustered, times.toString(), retransmits, ownDrops, listenerDrops));
    }

    @Override
    public String when() {
        return "connect latencies gather at the times of SYN retransmissions, and the client's kernel counted some";
    }

    @Override
    public String message() {
        return count(connections) + " connects took about " + atSeconds
                + " s, the times at which a lost SYN is retransmitted (" + count(synRetransmits)
                + " SYN retransmits counted"
                + (ownDrops > 0 ? "; the run's own network dropped " + count(ownDrops) + " packets" : "") + ")";
    }

    @Override
    public String advice() {
        if (ownDrops > 0) {
            return "the network of the profile loses packets, SYNs among them: these waits are its doing, not the server's";
        }
        if (listenerDrops == null) {
            return "a SYN or its answer was lost: check for a full accept queue on the server (listenOverflows), a firewall, or a full"
                    + " conntrack table";
        }
        return listenerDrops == 0
                ? "a SYN or its answer was lost on the way, as the target's listeners dropped none: check for a firewall, a full"
                        + " conntrack table, or a broken path"
                : "the target's listeners dropped " + count(listenerDrops)
                        + " SYNs and final ACKs: see the warnings about their queues";
    }
}
