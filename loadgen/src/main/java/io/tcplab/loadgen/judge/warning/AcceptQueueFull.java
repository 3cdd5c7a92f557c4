package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import java.util.ArrayList;
import java.util.List;

/** A queue held its limit and one more, and no connection came that it could have dropped. */
public record AcceptQueueFull(String listener, long peak, long limit) implements RunWarning {

    static final AcceptQueueFull EXAMPLE = new AcceptQueueFull("127.0.0.1:80 (node, pid 12)", 512, 511);

    static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        boolean overflowed = seen.counter(Side.SERVER, KernelCounter.LISTEN_OVERFLOWS) > 0;
        for (ListenerFigures each : seen.listeners()) {
            Long limit = each.limit();
            // An overflow of the namespace may be another listener's: this one's drops show whether it had one.
            boolean dropped = each.drops() == null ? overflowed : each.drops() > 0;
            if (limit != null && each.peak() > limit && !dropped) {
                String changed = ListenerInWords.limitChange(each);
                String whose = changed.isEmpty() ? "" : ", whose " + changed + ",";
                found.add(new AcceptQueueFull(ListenerInWords.name(each) + whose, each.peak(), limit));
            }
        }
        return found;
    }

    @Override
    public String when() {
        return "the accept queue of a listener was full, and nothing was dropped yet";
    }

    @Override
    public String message() {
        return "the accept queue of " + listener + " was full: " + count(peak)
                + (peak == 1 ? " connection" : " connections") + " with a limit of " + count(limit)
                + "; the next SYN is dropped";
    }

    @Override
    public String advice() {
        return "find out why the server does not accept: it is too slow, stuck, or out of descriptors";
    }
}
