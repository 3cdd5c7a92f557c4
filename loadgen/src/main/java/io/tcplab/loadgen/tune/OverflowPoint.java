package io.tcplab.loadgen.tune;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The smallest accept queue that the load fits into, of those that were tried.
 *
 * @param enough smallest limit, min(backlog, somaxconn), from which on nothing overflowed in any round; 0 = every one overflowed
 * @param tooSmall largest limit that overflowed
 * @param overflows most ListenOverflows of a round at that limit
 * @param longest longest queue seen where nothing overflowed; the queue holds limit + 1, so one less than this is wanted
 */
public record OverflowPoint(long enough, long tooSmall, long overflows, long longest) {

    private record Seen(long overflows, long peak) {}

    /** {@code null} where nothing overflowed, or no two cells differ in their limit. */
    static @Nullable OverflowPoint of(List<CellResult> cells) {
        SortedMap<Long, Seen> byLimit = new TreeMap<>();
        for (CellResult cell : cells) {
            cell.rounds().forEach(round -> add(round, byLimit));
        }
        long tooSmall = -1;
        for (var each : byLimit.entrySet()) {
            tooSmall = each.getValue().overflows() > 0 ? each.getKey() : tooSmall;
        }
        Seen worst = byLimit.get(tooSmall);
        if (worst == null || byLimit.size() < 2) {
            return null;
        }
        SortedMap<Long, Seen> larger = byLimit.tailMap(tooSmall + 1);
        long longest = larger.values().stream().mapToLong(Seen::peak).max().orElse(0);
        return new OverflowPoint(larger.isEmpty() ? 0 : larger.firstKey(), tooSmall, worst.overflows(), longest);
    }

    private static void add(Summary round, SortedMap<Long, Seen> byLimit) {
        SideFigures server = round.kernel().server();
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        if (server != null && queue != null) {
            byLimit.merge(
                    queue.limit(),
                    new Seen(server.counter(KernelCounter.LISTEN_OVERFLOWS), queue.peak()),
                    (a, b) -> new Seen(Math.max(a.overflows(), b.overflows()), Math.max(a.peak(), b.peak())));
        }
    }

    /** In plain words. */
    String sentence() {
        String below = "min(backlog, somaxconn) = " + tooSmall + " overflowed (" + InWords.rate(overflows)
                + " times in a round)";
        if (enough == 0) {
            return "Overflow point: every limit tried overflowed, even " + below + ".";
        }
        return "Overflow point: " + below + ", " + enough + " did not; the longest queue seen was " + longest
                + " long, so " + Math.max(0, longest - 1) + " would have been enough for this load.";
    }
}
