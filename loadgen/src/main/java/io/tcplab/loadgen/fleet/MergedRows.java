package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The kernels' rows of all generators as those of one run. Generators that look at one namespace see the same counters: of those the first
 * one's count, and another one's when that one is lost. Sockets are those of the target's port: those of different ports are added, as
 * those of different namespaces are; of accept queues the fullest stands. Any thread may report.
 */
final class MergedRows {

    private record Place(Side side, String namespace) {}

    private record Sockets(Place place, int port) {}

    private final Consumer<TimelineRow> to;
    private final Map<Place, Member> counting = new HashMap<>();
    private final Map<Sockets, Member> looking = new HashMap<>();
    private final Map<Sockets, TimelineRow.Kernel> latest = new LinkedHashMap<>();

    MergedRows(Consumer<TimelineRow> to) {
        this.to = to;
    }

    synchronized void add(Member member, TimelineRow row) {
        TimelineRow.Kernel kernel = row.kernel();
        if (kernel == null) {
            return;
        }
        Place place = new Place(row.side(), member.kernels().of(row.side()));
        Sockets sockets = new Sockets(place, member.kernels().port());
        boolean counts = isFirst(counting, place, member);
        if (isFirst(looking, sockets, member)) {
            latest.merge(sockets, kernel, TimelineRow.Kernel::then);
        } else if (!counts) {
            return;
        }
        to.accept(new TimelineRow(
                row.second(),
                row.side(),
                null,
                together(row.side(), counts ? kernel.counters() : Map.of(), kernel.observeCostMicros())));
    }

    private static <K> boolean isFirst(Map<K, Member> firsts, K what, Member member) {
        return firsts.compute(what, (_, now) -> now == null || now.lostBecause() != null ? member : now) == member;
    }

    private TimelineRow.Kernel together(Side side, Map<String, Long> counters, double costMicros) {
        Map<String, Long> states = new HashMap<>();
        TimelineRow.@Nullable Kernel fullest = null;
        for (Map.Entry<Sockets, TimelineRow.Kernel> each : latest.entrySet()) {
            if (each.getKey().place().side() == side) {
                TimelineRow.Kernel kernel = each.getValue();
                kernel.states().forEach((state, count) -> states.merge(state, count, Long::sum));
                fullest = fullest == null || fill(kernel) > fill(fullest) ? kernel : fullest;
            }
        }
        return new TimelineRow.Kernel(
                fullest == null ? null : fullest.acceptQueueLength(),
                fullest == null ? null : fullest.acceptQueueLimit(),
                states,
                counters,
                costMicros);
    }

    /** How full its accept queue is; less than empty where it has none. */
    private static double fill(TimelineRow.Kernel kernel) {
        Long length = kernel.acceptQueueLength();
        Long limit = kernel.acceptQueueLimit();
        return length == null || limit == null ? -1 : length / (limit + 1.0);
    }
}
