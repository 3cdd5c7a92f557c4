package io.tcplab.loadgen.compare;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How many times larger the second contender's median is than the first's, with a confidence interval.
 *
 * <p>Method: percentile bootstrap (Efron 1979). The rounds of each contender are drawn with replacement {@value #RESAMPLES} times,
 * each time the ratio of the two medians is taken, and the 2.5th and 97.5th percentile of these ratios are the ends of the 95%
 * interval. A round is the unit that is drawn, because requests of one round share its conditions and are not independent. With few
 * rounds such an interval is somewhat too narrow, which is why nothing is called distinguishable by the interval alone: see {@link
 * ShuffledRounds}.
 *
 * @param firstMedian of the first contender's rounds
 * @param secondMedian of the second's
 * @param ratio second ÷ first; absent when the first median is 0
 * @param low lower end; absent when a resampled median of the first contender is 0
 * @param high upper end; likewise
 */
public record RatioInterval(
        double firstMedian,
        double secondMedian,
        @Nullable Double ratio,
        @Nullable Double low,
        @Nullable Double high) {

    static final int RESAMPLES = 2000;
    private static final double TAIL = 0.025;

    /** Draws with a generator of this seed, so that one input always gives one result. */
    static RatioInterval of(double[] first, double[] second, long seed) {
        double a = median(first.clone());
        double b = median(second.clone());
        if (a == 0) {
            return new RatioInterval(a, b, b == 0 ? 1.0 : null, b == 0 ? 1.0 : null, b == 0 ? 1.0 : null);
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] ratios = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double below = median(draw(first, random));
            if (below == 0) {
                return new RatioInterval(a, b, b / a, null, null);
            }
            ratios[i] = median(draw(second, random)) / below;
        }
        Arrays.sort(ratios);
        int cut = (int) (TAIL * RESAMPLES);
        return new RatioInterval(a, b, b / a, ratios[cut], ratios[RESAMPLES - 1 - cut]);
    }

    /** Whether the interval leaves no room for "as large as the other"; a ratio that has no ends does not decide. */
    boolean excludesOne() {
        return (low == null || high == null) ? firstMedian != secondMedian : (low > 1 || high < 1);
    }

    private static double[] draw(double[] from, SplittableRandom random) {
        double[] drawn = new double[from.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = from[random.nextInt(from.length)];
        }
        return drawn;
    }

    /** Sorts its argument. */
    public static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
