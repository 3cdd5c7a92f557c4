package io.tcplab.loadgen.tune;

import java.util.Arrays;

/**
 * Judges counts that a namespace of our own makes repeatable: sockets, outcomes, kernel counters. They are apart when every round of
 * one lies beyond every round of the other, by more than {@value #SPREADS} times what the rounds of either differ among themselves and
 * by at least a tenth. One round alone proves nothing.
 */
final class Counted {

    private static final double SPREADS = 3;
    private static final double LEAST_SHARE = 0.1;
    private static final double LEAST = 5;

    private Counted() {}

    static boolean apart(double[] first, double[] second) {
        if (first.length < 2 || second.length < 2) {
            return false;
        }
        double gap = Math.max(min(second) - max(first), min(first) - max(second));
        double spread = Math.max(max(first) - min(first), max(second) - min(second));
        double size = Math.max(max(first), max(second));
        return gap > SPREADS * spread && gap >= LEAST && gap >= LEAST_SHARE * size;
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }
}
