package io.tcplab.loadgen.record;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often each HTTP status was received. Written by one thread, read by any. */
public final class StatusCounts {

    /** Statuses are below it. */
    public static final int LIMIT = 1000;

    private final AtomicLongArray counts = new AtomicLongArray(LIMIT);

    /** Counts one response with a status from 0 to 999. */
    public void count(int status) {
        counts.setOpaque(status, counts.getPlain(status) + 1);
    }

    /** Adds what was counted to {@code sums}, by status. */
    public void addTo(SortedMap<Integer, Long> sums) {
        for (int status = 0; status < LIMIT; status++) {
            long count = counts.getOpaque(status);
            if (count > 0) {
                sums.merge(status, count, Long::sum);
            }
        }
    }

    /** Returns a new empty sum for {@link #addTo}. */
    public static SortedMap<Integer, Long> none() {
        return new TreeMap<>();
    }
}
