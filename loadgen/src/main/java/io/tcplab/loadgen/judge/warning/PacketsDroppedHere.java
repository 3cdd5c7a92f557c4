package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.List;

/**
 * This machine dropped packets that had reached it, and segments were sent again: neither a path nor a server lost them.
 *
 * @param dropped packets, of any program of this machine
 * @param sentAgain segments that the client's and the server's kernel sent again, as far as they were observed
 */
public record PacketsDroppedHere(long dropped, long sentAgain) implements RunWarning {

    static final PacketsDroppedHere EXAMPLE = new PacketsDroppedHere(27, 25);

    static List<RunWarning> in(Facts facts) {
        long dropped = facts.mishaps().packetsDropped();
        // With a cable the warning lateCable names them.
        if (dropped == 0 || facts.summary().network() != null) {
            return List.of();
        }
        long client = facts.counter(Side.CLIENT, KernelCounter.RETRANSMITTED_SEGMENTS);
        long server = facts.environment().sidesShareOneNamespace()
                ? 0
                : facts.counter(Side.SERVER, KernelCounter.RETRANSMITTED_SEGMENTS);
        return client + server > 0 ? List.of(new PacketsDroppedHere(dropped, client + server)) : List.of();
    }

    @Override
    public String when() {
        return "this machine dropped incoming packets because it had no time to take them in, and segments were sent again";
    }

    @Override
    public String message() {
        return "this machine dropped " + count(dropped)
                + " packets that had reached it, because the queue of a CPU was full (net.core.netdev_max_backlog); "
                + count(sentAgain)
                + " segments were sent again";
    }

    @Override
    public String advice() {
        return "neither the network nor the server lost them: leave CPUs free, lower the rate, or raise net.core.netdev_max_backlog";
    }
}
