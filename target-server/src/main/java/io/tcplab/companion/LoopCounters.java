package io.tcplab.companion;

import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of one event loop: written by that loop alone, without a lock or a barrier; read by anyone, a moment late. */
final class LoopCounters {

    private static final int SIZE = Counter.values().length;

    // A cache line of slack on both sides, so that two loops' counters never share one.
    private static final int SLACK = 8;

    private final AtomicLongArray values = new AtomicLongArray(SLACK + SIZE + SLACK);

    void increment(Counter counter) {
        add(counter, 1);
    }

    void add(Counter counter, long amount) {
        int at = SLACK + counter.ordinal();
        values.setOpaque(at, values.getPlain(at) + amount);
    }

    long value(Counter counter) {
        return values.getOpaque(SLACK + counter.ordinal());
    }
}
