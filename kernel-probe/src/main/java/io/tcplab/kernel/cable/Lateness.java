package io.tcplab.kernel.cable;

import java.util.Arrays;

/**
 * Times in nanoseconds by how often they came, 128 steps to each power of two, so that a percentile is at most 1 % above the truth. One
 * thread's.
 */
final class Lateness {
    private static final int STEPS_SHIFT = 7;
    private static final int STEPS = 1 << STEPS_SHIFT;

    private final long[] counts = new long[64 << STEPS_SHIFT];
    private long total;
    private long longest;

    void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        total++;
        longest = Math.max(longest, value);
    }

    long count() {
        return total;
    }

    /** The time that this share of all did not exceed; 0 where there are none. */
    long percentile(double share) {
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return Math.min(longest, upper(i));
            }
        }
        return longest;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
        longest = 0;
    }

    private static int bucket(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - STEPS_SHIFT;
        return ((shift + 1) << STEPS_SHIFT) + (int) (value >>> shift) - STEPS;
    }

    /** The largest value of a bucket. */
    private static long upper(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = (bucket >> STEPS_SHIFT) - 1;
        long from = (long) (STEPS + (bucket & (STEPS - 1))) << shift;
        return from + (1L << shift) - 1;
    }
}
