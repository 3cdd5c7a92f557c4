package io.tcplab.kernel.observe;

/**
 * Decides when a costly reading may be taken again, so that all sampling stays within a share of one core: what the cheap
 * readings leave of it is divided between the costly ones, and after one that cost {@code c} and has the share {@code s}
 * the next is due {@code c / s} later.
 *
 * <p>A table of 120,000 TIME_WAITs takes some 35 ms to walk: at 1% of a core that is once in 3.5 s; an almost empty table
 * takes 0.4 ms and is walked at nearly every sample.
 */
final class SamplingBudget {
    /** However dear the cheap readings are, this part of the share is left for the costly ones. */
    private static final double LEAST_PART = 0.25;

    /** How much of the share for costly readings goes to dumps of all states; the rest goes to the passing ones. */
    private static final double PART_OF_ALL = 0.6;

    private final double share;
    private final double intervalNanos;
    private double cheapNanos;
    private boolean begun;
    private long allDueNanos;
    private long passingDueNanos;

    /** {@code share} of one core, between 0 and 1; {@code intervalNanos} between the cheap readings. */
    SamplingBudget(double share, long intervalNanos) {
        this.share = share;
        this.intervalNanos = intervalNanos;
    }

    boolean allowsAll(long nowNanos) {
        return !begun || nowNanos - allDueNanos >= 0;
    }

    boolean allowsPassing(long nowNanos) {
        return !begun || nowNanos - passingDueNanos >= 0;
    }

    /** The cheap part of one sample was taken: a sliding mean over some ten of them counts. */
    void spentOnCheap(long costNanos) {
        cheapNanos += (costNanos - cheapNanos) / 10;
    }

    /** A dump of all states was taken; it has the passing ones as well, so they wait half as long. */
    void spentOnAll(long nowNanos, long costNanos) {
        long pauseNanos = (long) (costNanos / (costlyShare() * PART_OF_ALL));
        begun = true;
        allDueNanos = nowNanos + pauseNanos;
        passingDueNanos = nowNanos + pauseNanos / 2;
    }

    /** A dump of the passing states was taken. */
    void spentOnPassing(long nowNanos, long costNanos) {
        passingDueNanos = nowNanos + (long) (costNanos / (costlyShare() * (1 - PART_OF_ALL)));
    }

    private double costlyShare() {
        return Math.max(LEAST_PART * share, share - cheapNanos / intervalNanos);
    }
}
