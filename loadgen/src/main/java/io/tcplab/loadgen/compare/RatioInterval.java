package io.tcplab.loadgen.compare;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many times larger the second contender's figure is than the first's, with its 95% interval.
 *
 * <p>Method: on logarithms, so that twice and half are equally far from equal. Rounds that ran in turns are paired: what slowed the
 * machine for a while meets both of a pair, and drops out of their ratio (Montgomery, Design and Analysis of Experiments, §2.5). If both
 * are the same, a pair's ratio is as likely above 1 as below by as much. From {@value #FEWEST_RANKED} pairs on, the interval is that of
 * Wilcoxon's signed ranks, around the median of the pairs' averages (Hodges and Lehmann 1963), which a stalled round hardly moves; with
 * fewer, Student's t, which of such symmetric noise excludes 1 in at most 5%, however heavy its tails (Efron 1969, JASA 64). Where the
 * two do not have equally many rounds, or did not run in turns, the two means are compared (Welch 1947). A round is the unit: requests
 * of one round share its conditions and are not independent.
 *
 * @param firstMedian of the first contender's rounds
 * @param secondMedian of the second's
 * @param ratio second ÷ first, the middle of the rounds' ratios; of the medians where a round has 0; absent when the first is 0
 * @param low lower end; absent where a round has 0, or there is only one
 * @param high upper end; likewise
 */
public record RatioInterval(
        double firstMedian,
        double secondMedian,
        @Nullable Double ratio,
        @Nullable Double low,
        @Nullable Double high) {

    /** Student's t, two-sided 95%, for 1, 2 … degrees of freedom. */
    private static final double[] T = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    private static final int FEWEST_RANKED = 6;

    /** For 6, 7 … pairs. */
    private static final int[] SIGNED_RANK = {0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52};

    /** Of rounds that ran in turns. */
    static RatioInterval paired(double[] first, double[] second) {
        return first.length == second.length ? of(first, second, true) : of(first, second, false);
    }

    /** Of rounds that ran at other times. */
    static RatioInterval apart(double[] first, double[] second) {
        return of(first, second, false);
    }

    private static RatioInterval of(double[] first, double[] second, boolean paired) {
        double a = median(first.clone());
        double b = median(second.clone());
        if (a == b && equal(first, a) && equal(second, b)) {
            return new RatioInterval(a, b, 1.0, 1.0, 1.0);
        }
        if (!positive(first) || !positive(second)) {
            return new RatioInterval(a, b, a == 0 ? null : b / a, null, null);
        }
        double[] below = logs(first);
        double[] above = logs(second);
        double middle = mean(above) - mean(below);
        if (paired && first.length >= FEWEST_RANKED) {
            return ranked(a, b, below, above);
        }
        if (Math.min(first.length, second.length) < 2) {
            return new RatioInterval(a, b, Math.exp(middle), null, null);
        }
        double half;
        if (paired) {
            double[] ratios = new double[below.length];
            Arrays.setAll(ratios, i -> above[i] - below[i]);
            half = t(ratios.length - 1.0) * Math.sqrt(variance(ratios) / ratios.length);
        } else {
            half = welch(below, above);
        }
        return new RatioInterval(a, b, Math.exp(middle), Math.exp(middle - half), Math.exp(middle + half));
    }

    /** Of the sorted averages of each two pairs, and of each with itself, as many are left out at both ends as chance allows. */
    private static RatioInterval ranked(double a, double b, double[] below, double[] above) {
        int n = below.length;
        double[] averages = new double[n * (n + 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                averages[at++] = (above[i] - below[i] + above[j] - below[j]) / 2;
            }
        }
        double middle = median(averages);
        int left = leftOut(n);
        return new RatioInterval(
                a, b, Math.exp(middle), Math.exp(averages[left]), Math.exp(averages[averages.length - 1 - left]));
    }

    /** The critical value of the signed-rank statistic, two-sided 5%: exact up to 20 pairs, then normal. */
    private static int leftOut(int n) {
        if (n - FEWEST_RANKED < SIGNED_RANK.length) {
            return SIGNED_RANK[n - FEWEST_RANKED];
        }
        double mean = n * (n + 1) / 4.0;
        return (int) (mean - 1.96 * Math.sqrt(mean * (2 * n + 1) / 6));
    }

    private static double welch(double[] below, double[] above) {
        double ofFirst = variance(below) / below.length;
        double ofSecond = variance(above) / above.length;
        double both = ofFirst + ofSecond;
        if (both == 0) {
            return 0;
        }
        double freedom =
                both * both / (ofFirst * ofFirst / (below.length - 1) + ofSecond * ofSecond / (above.length - 1));
        return t(freedom) * Math.sqrt(both);
    }

    /** Student's t, two-sided 95%. */
    static double t(double freedom) {
        int whole = Math.max(1, (int) freedom);
        return whole <= T.length ? T[whole - 1] : 1.96 + 2.5 / whole;
    }

    /** Whether the interval leaves no room for "as large as the other"; a ratio that has no ends does not decide. */
    boolean excludesOne() {
        return (low == null || high == null) ? firstMedian != secondMedian : (low > 1 || high < 1);
    }

    private static boolean positive(double[] values) {
        return Arrays.stream(values).allMatch(value -> value > 0);
    }

    private static boolean equal(double[] values, double value) {
        return Arrays.stream(values).allMatch(each -> each == value);
    }

    private static double[] logs(double[] values) {
        return Arrays.stream(values).map(Math::log).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
    }

    /** Sorts its argument. */
    public static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
