package io.tcplab.loadgen.connection.wire;

/** How many connections a loop has begun of late: whether it is busy enough for what they ask to be shared. Confined to the loop. */
final class RecentOpens {

    /** So many connections in a row without a wait, or in each {@link #WINDOW_NANOS} of late, make a loop busy. */
    private static final int BUSY = 8;

    private static final long WINDOW_NANOS = 1_000_000;

    /** Connections that have begun since the loop last had to wait, and since {@link #windowNanos}. */
    private int opened;

    private int openedInWindow;
    private long windowNanos = System.nanoTime();
    private boolean opensOften;

    /** A connection begins. */
    void opens() {
        opened++;
        openedInWindow++;
    }

    /** The loop has to wait. */
    void waits(long now) {
        opened = 0;
        long nanos = now - windowNanos;
        if (nanos >= WINDOW_NANOS) {
            opensOften = openedInWindow * WINDOW_NANOS >= BUSY * nanos;
            openedInWindow = 0;
            windowNanos = now;
        }
    }

    /** Whether many connections have begun since the loop last had to wait, or begin all the time. */
    boolean isBusy() {
        return opened >= BUSY || opensOften;
    }
}
