package io.tcplab.kernel.observe;

/**
 * Decides when a costly reading may be taken again, so that all of them together stay within a share of one core: after
 * a reading that cost {@code c} and has the share {@code s}, the next one is due {@code c / s} later.
 *
 * <p>A table of 120,000 TIME_WAITs costs some 80 ms to walk: at 1% of a core that is once in 8 s; an almost empty table
 * costs 0.1 ms and is walked at every sample.
 */
final class SamplingBudget {
    private final double allShare;
    private final double passingShare;
    private long allDueNanos = Long.MIN_VALUE;
    private long passingDueNanos = Long.MIN_VALUE;

    /** {@code share} of one core, between 0 and 1, for the costly readings together. */
    SamplingBudget(double share) {
        this.allShare = 0.6 * share;
        this.passingShare = 0.4 * share;
    }

    boolean allowsAll(long nowNanos) {
        return allDueNanos == Long.MIN_VALUE || nowNanos - allDueNanos >= 0;
    }

    boolean allowsPassing(long nowNanos) {
        return passingDueNanos == Long.MIN_VALUE || nowNanos - passingDueNanos >= 0;
    }

    /** A dump of all states was taken; it holds the others too. */
    void spentOnAll(long nowNanos, long costNanos) {
        allDueNanos = nowNanos + (long) (costNanos / allShare);
    }

    /** A dump of the passing states was taken. */
    void spentOnPassing(long nowNanos, long costNanos) {
        passingDueNanos = nowNanos + (long) (costNanos / passingShare);
    }
}
