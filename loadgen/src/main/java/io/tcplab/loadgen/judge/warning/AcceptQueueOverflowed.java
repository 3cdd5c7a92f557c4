package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target's queue of established, not yet accepted connections was full.
 *
 * @param overflows that are known to be this listener's
 * @param all whether these are all; false where another listener's may be among the rest
 * @param setBy what set the limit; absent where it is not known
 * @param listener its address and process; empty where it is not known
 */
public record AcceptQueueOverflowed(
        long overflows,
        boolean all,
        long peak,
        long limit,
        @Nullable LimitSetBy setBy,
        String listener) implements RunWarning {

    static final AcceptQueueOverflowed EXAMPLE = new AcceptQueueOverflowed(40, true, 17, 16, LimitSetBy.LISTEN, "");

    static List<RunWarning> in(Kernels seen) {
        long overflows = seen.counter(Side.SERVER, KernelCounter.LISTEN_OVERFLOWS);
        if (overflows == 0) {
            return List.of();
        }
        List<ListenerFigures> listeners = seen.listeners();
        return listeners.isEmpty() ? ofTheQueue(seen, overflows) : of(listeners.getFirst(), seen, listeners.size());
    }

    private static List<RunWarning> ofTheQueue(Kernels seen, long overflows) {
        SideFigures server = seen.kernel(Side.SERVER);
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        return queue != null && queue.peak() > queue.limit()
                ? List.of(new AcceptQueueOverflowed(
                        overflows, true, queue.peak(), queue.limit(), setBy(queue.setBy()), ""))
                : List.of();
    }

    /** Only what is this listener's: where others' drops may account for every overflow, its queue is accused of none. */
    private static List<RunWarning> of(ListenerFigures worst, Kernels seen, int listeners) {
        long overflows = seen.counter(Side.SERVER, KernelCounter.LISTEN_OVERFLOWS);
        long own = worst.overflows() == null ? 0 : worst.overflows();
        Long limit = worst.limit();
        long drops = worst.drops() == null ? 0 : worst.drops();
        boolean wasFull = limit != null && worst.peak() > limit && drops > 0;
        if (own == 0 && !wasFull) {
            return List.of();
        }
        return List.of(new AcceptQueueOverflowed(
                Math.max(own, wasFull ? byDrops(seen, drops) : 0),
                own == overflows,
                worst.peak(),
                limit == null ? Facts.UNKNOWN : limit,
                setBy(worst.setBy()),
                subject(worst, listeners)));
    }

    private static String subject(ListenerFigures worst, int listeners) {
        String changed = ListenerInWords.limitChange(worst);
        String apposition = (listeners > 1 ? ", the worst of " + listeners + " listeners" : "")
                + (changed.isEmpty() ? "" : ", whose " + changed);
        return ListenerInWords.name(worst) + apposition + (apposition.isEmpty() ? "" : ",");
    }

    /** An overflow moves a listener's drops by one, that of a final ACK by two; where nothing else drops, half of them are overflows. */
    private static long byDrops(Kernels seen, long drops) {
        boolean nothingElse = seen.counter(Side.SERVER, KernelCounter.LISTEN_DROPS)
                == seen.counter(Side.SERVER, KernelCounter.LISTEN_OVERFLOWS);
        return nothingElse ? (drops + 1) / 2 : 1;
    }

    private static @Nullable LimitSetBy setBy(@Nullable String id) {
        return id == null ? null : LimitSetBy.byId(id).orElse(null);
    }

    @Override
    public String when() {
        return "the accept queue of a listener of the target was full, which, and what set its limit; not raised where other"
                + " listeners' drops may account for every overflow of the namespace";
    }

    @Override
    public String message() {
        return "the accept queue" + (listener.isEmpty() ? "" : " of " + listener) + " overflowed "
                + (all ? "" : "at least ") + (overflows == 1 ? "once" : count(overflows) + " times") + ": it peaked at "
                + count(peak)
                + " with a limit of " + count(limit) + cause() + " (the queue holds limit + 1)";
    }

    private String cause() {
        return switch (setBy) {
            case null -> "";
            case LISTEN -> ", set by listen()";
            case SOMAXCONN -> ", set by net.core.somaxconn";
            case EARLIER_SOMAXCONN -> ", set before net.core.somaxconn was lowered";
        };
    }

    @Override
    public String advice() {
        String raise = switch (setBy) {
            case null -> "both the listen() backlog and net.core.somaxconn";
            case LISTEN -> "the backlog that the server passes to listen(): net.core.somaxconn allows more";
            case SOMAXCONN ->
                "net.core.somaxconn (and the listen() backlog, unless it is higher), then restart the server";
            case EARLIER_SOMAXCONN -> "net.core.somaxconn again, then restart the server";
        };
        return "accept faster (more event loops on the listener), or raise " + raise;
    }
}
