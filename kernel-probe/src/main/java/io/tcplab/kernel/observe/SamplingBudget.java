package io.tcplab.kernel.observe;

/**
 * Decides when a costly reading may be taken again, so that all sampling stays within a share of one core: what the cheap
 * readings leave of it is divided between the costly ones, and after one that cost {@code c} and has the share {@code s}
 * the next is due {@code c / s} later.
 *
 * <p>A table of 120,000 TIME_WAITs takes some 35 ms to walk: at 1% of a core that is once in 3.5 s; an almost empty table
 * takes 0.4 ms and is walked at nearly every sample. What the next walk will cost is told from how many sockets there are by now,
 * since a load that leaves 30,000 TIME_WAITs a second makes it ten times as dear within one; but a table that never stops growing is
 * walked all the same.
 */
final class SamplingBudget {
    /** However dear the cheap readings are, this part of the share is left for the costly ones. */
    private static final double LEAST_PART = 0.25;

    /** How much of the share for costly readings goes to dumps of all states; the rest goes to the passing ones. */
    private static final double PART_OF_ALL = 0.6;

    /** Walking an empty table takes as long as so many sockets in it would: 0.4 ms, and 0.25 µs for each. */
    private static final double EMPTY_TABLE_SOCKETS = 2_000;

    /**
     * A walk for the passing states comes past all other sockets in one step, as the kernel pauses only where its answer is full: 0.1 µs
     * for each. In a larger table all states are counted instead, in slices.
     */
    private static final long MOST_IN_ONE_STEP = 8_000;

    /** However much a table has grown, it waits no longer than this many times. */
    private static final double MOST_GROWTH = 4;

    private final double share;
    private final double intervalNanos;
    private double cheapNanos;
    private boolean begun;
    private long allNanos;
    private long allPauseNanos;
    private long allSockets;
    private long passingNanos;
    private long passingPauseNanos;
    private long passingSockets;

    /** {@code share} of one core, between 0 and 1; {@code intervalNanos} between the cheap readings. */
    SamplingBudget(double share, long intervalNanos) {
        this.share = share;
        this.intervalNanos = intervalNanos;
    }

    /** Whether all states may be counted now that there are so many sockets. */
    boolean allowsAll(long nowNanos, long sockets) {
        return !begun || nowNanos - allNanos >= allPauseNanos * growth(allSockets, sockets);
    }

    /** Whether the passing states may be counted now that there are so many sockets. */
    boolean allowsPassing(long nowNanos, long sockets) {
        return !begun
                || (sockets <= MOST_IN_ONE_STEP
                        && nowNanos - passingNanos >= passingPauseNanos * growth(passingSockets, sockets));
    }

    private static double growth(long before, long now) {
        return Math.clamp((now + EMPTY_TABLE_SOCKETS) / (before + EMPTY_TABLE_SOCKETS), 1, MOST_GROWTH);
    }

    /** The cheap part of one sample was taken: a sliding mean over some ten of them counts. */
    void spentOnCheap(long costNanos) {
        cheapNanos += (costNanos - cheapNanos) / 10;
    }

    /** A dump of all states was taken; it has the passing ones as well, so they wait half as long. */
    void spentOnAll(long nowNanos, long sockets, long costNanos) {
        begun = true;
        allNanos = nowNanos;
        allSockets = sockets;
        double part = sockets <= MOST_IN_ONE_STEP ? PART_OF_ALL : 1;
        allPauseNanos = (long) (costNanos / (costlyShare() * part));
        passed(nowNanos, sockets, allPauseNanos / 2);
    }

    /** A dump of the passing states was taken. */
    void spentOnPassing(long nowNanos, long sockets, long costNanos) {
        passed(nowNanos, sockets, (long) (costNanos / (costlyShare() * (1 - PART_OF_ALL))));
    }

    private void passed(long nowNanos, long sockets, long pauseNanos) {
        passingNanos = nowNanos;
        passingSockets = sockets;
        passingPauseNanos = pauseNanos;
    }

    private double costlyShare() {
        return Math.max(LEAST_PART * share, share - cheapNanos / intervalNanos);
    }
}
