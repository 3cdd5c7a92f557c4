package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the kernels showed until it is taken: one row of each side. Any thread may call. */
final class GatheredRows {

    private final Map<Side, TimelineRow> waiting = new EnumMap<>(Side.class);

    /** A row without a kernel's figures is not kept. */
    synchronized void add(TimelineRow row) {
        if (row.kernel() != null) {
            waiting.merge(row.side(), row, GatheredRows::together);
        }
    }

    private static TimelineRow together(TimelineRow one, TimelineRow next) {
        TimelineRow.Kernel before = one.kernel();
        TimelineRow.Kernel later = next.kernel();
        return before == null || later == null
                ? next
                : new TimelineRow(next.second(), next.side(), null, before.then(later));
    }

    /** All that came since the last call. */
    synchronized List<TimelineRow> take() {
        List<TimelineRow> rows = List.copyOf(waiting.values());
        waiting.clear();
        return rows;
    }
}
