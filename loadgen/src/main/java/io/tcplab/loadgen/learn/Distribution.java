package io.tcplab.loadgen.learn;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Values as a profile can express them: a constant, a range, or exponential, chosen by the distance of their quartiles in medians. It is
 * 0 for a constant, 1 for a range that begins at 0, and 1.58 for an exponential; by quartiles, as a stalled machine makes a few values
 * as large as it likes.
 *
 * @param kind which
 * @param low the constant, the lower end, or the mean
 * @param high the upper end of a range
 */
record Distribution(Kind kind, double low, double high) {

    private static final double CONSTANT_UP_TO = 0.25;
    private static final double RANGE_UP_TO = 1.3;
    private static final double MEDIAN_OF_EXPONENTIAL = Math.log(2);

    enum Kind {
        CONSTANT,
        RANGE,
        EXPONENTIAL
    }

    /** Of values that are never below {@code least}. */
    static Distribution of(double[] values, double least) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return new Distribution(Kind.CONSTANT, least, least);
        }
        double median = Math.max(least, quantile(sorted, 0.5));
        double quartiles = spread(sorted);
        if (median == 0 ? quartiles == 0 : quartiles / median < CONSTANT_UP_TO) {
            // The mean keeps the sum where the values are what they are, and not the median with a few that stalled.
            double mean = mean(sorted);
            double value = Math.abs(mean - median) < 0.1 * median ? Math.max(least, mean) : median;
            return new Distribution(Kind.CONSTANT, value, value);
        }
        if (median > 0 && quartiles / median < RANGE_UP_TO) {
            double low = Math.max(Math.max(least, sorted[0]), median - quartiles);
            double high = Math.min(sorted[sorted.length - 1], median + quartiles);
            return new Distribution(Kind.RANGE, low, Math.max(low, high));
        }
        double mean = Math.max(least, median > 0 ? median / MEDIAN_OF_EXPONENTIAL : mean(sorted));
        return new Distribution(Kind.EXPONENTIAL, Math.max(1, mean), 0);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    /** Of sorted values, between two of them in proportion. */
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }

    /** How far the middle half of sorted values spreads. */
    static double spread(double[] sorted) {
        return quantile(sorted, 0.75) - quantile(sorted, 0.25);
    }

    /** As a count. */
    String counts() {
        return words("");
    }

    /** As a size in bytes. */
    String bytes() {
        return words("B");
    }

    /** As a time, of nanoseconds. */
    String time() {
        return switch (kind) {
            case CONSTANT -> time(low);
            case RANGE -> time(low) + "-" + time(high);
            case EXPONENTIAL -> "{exponential: " + time(low) + "}";
        };
    }

    private String words(String unit) {
        return switch (kind) {
            case CONSTANT -> Math.round(low) + unit;
            case RANGE ->
                Math.round(low) == Math.round(high)
                        ? Math.round(low) + unit
                        : Math.round(low) + unit + "-" + Math.round(high) + unit;
            case EXPONENTIAL -> "{exponential: " + Math.round(low) + unit + "}";
        };
    }

    /** To three significant digits: {@code 850us}, {@code 66.3ms}, {@code 1.5s}. */
    static String time(double nanos) {
        double micros = nanos / 1e3;
        if (micros < 1) {
            return "0s";
        }
        BigDecimal rounded = new BigDecimal(micros).round(new MathContext(3));
        if (rounded.doubleValue() < 1e3) {
            return rounded.setScale(0, RoundingMode.HALF_UP).toPlainString() + "us";
        }
        boolean seconds = rounded.doubleValue() >= 1e6;
        return rounded.movePointLeft(seconds ? 6 : 3).stripTrailingZeros().toPlainString() + (seconds ? "s" : "ms");
    }

    /** The middle half of a sorted array of nanoseconds, such as {@code 1ms to 5ms}. */
    static String quartiles(double[] sorted) {
        return time(quantile(sorted, 0.25)) + " to " + time(quantile(sorted, 0.75));
    }
}
