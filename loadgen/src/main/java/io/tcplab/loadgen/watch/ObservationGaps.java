package io.tcplab.loadgen.watch;

import org.jspecify.annotations.Nullable;

/** When an observer saw nothing for far longer than between two observations: it was stopped, or had no CPU. Confined to its user. */
final class ObservationGaps {

    private static final long LEAST_NANOS = 1_000_000_000;
    private static final int LEAST_TIMES_THE_USUAL = 5;

    private long first;
    private long last;
    private long observations;
    private long longestEnd;
    private long longest;

    /** One was made at {@code nanos}, later than the one before. */
    void add(long nanos) {
        if (observations == 0) {
            first = nanos;
        } else if (nanos - last > longest) {
            longest = nanos - last;
            longestEnd = nanos;
        }
        last = nanos;
        observations++;
    }

    /** The longest, where it is no usual one and ended behind {@code recordedFromNanos}; absent otherwise. */
    KernelFigures.@Nullable Stretch longest(long recordedFromNanos) {
        long others = last - first - longest;
        if (longest < LEAST_NANOS
                || observations < 3
                || longestEnd < recordedFromNanos
                || longest * (observations - 2) < LEAST_TIMES_THE_USUAL * others) {
            return null;
        }
        return new KernelFigures.Stretch(
                seconds(Math.max(0, longestEnd - longest - recordedFromNanos)),
                seconds(longestEnd - recordedFromNanos));
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e6) / 1e3;
    }
}
