package io.tcplab.loadgen.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How often chance alone would set two contenders apart as far as they are, in any of the figures.
 *
 * <p>Method: a permutation test of all figures at once (Westfall and Young 1993, "max T"). If the two contenders were the same, the
 * label of a whole round would mean nothing, and every way to deal a stage's rounds into two groups would be equally likely; a stage is
 * what ran between two looks ({@link StoppingRule}), and each stage's own mean is taken out first, so that a machine that changes from
 * stage to stage does not blur the difference. Each figure's distance |mean₁ − mean₂| ÷ (standard error, at least 1%), of logarithms where
 * no round has 0, is compared with the <em>largest distance of any figure</em> in each deal; the share of deals that reach it is the
 * figure's p-value, already adjusted for the number of figures. Because whole rounds are dealt, figures that move together are not
 * punished as if they were independent, and the chance that two equal contenders differ in any figure at all is at most the level that
 * p is held against, without any assumption about the noise's shape.
 *
 * <p>All deals are looked at up to {@value #MOST_DEALS}; beyond that, and with several stages, that many are drawn. With n rounds each in
 * one stage the smallest p is 2 ÷ C(2n, n): three rounds give 0.1, four 0.029, five 0.008.
 */
final class ShuffledRounds {

    private static final int MOST_DEALS = 4000;
    private static final int MOST_ROUNDS = 15;
    private static final double FLOOR = 0.01;
    private static final double EQUAL_ENOUGH = 1e-9;

    /** One array for each figure: the first contender's rounds, then the second's; each stage around its own mean. */
    private final List<double[]> figures;

    private final int firstRounds;
    private final double[] floors;
    private final List<int[]> stages;

    private ShuffledRounds(List<double[]> figures, int firstRounds, int[] stageEnds) {
        this.firstRounds = firstRounds;
        this.stages = figures.isEmpty() ? List.of() : stages(figures.getFirst().length, firstRounds, stageEnds);
        this.floors = figures.stream().mapToDouble(ShuffledRounds::floor).toArray();
        this.figures = figures.stream().map(this::centred).toList();
    }

    /**
     * Returns each figure's p-value, adjusted for all of them.
     *
     * @param figures one array for each figure: the first contender's rounds, then the second's, all equally long
     * @param firstRounds how many rounds are the first's
     * @param stageEnds how many rounds of each there were at the end of each stage; of a single stage where they do not have equally many
     */
    static double[] adjustedP(List<double[]> figures, int firstRounds, int[] stageEnds, long seed) {
        return new ShuffledRounds(figures, firstRounds, stageEnds).adjustedP(seed);
    }

    /** Where the rounds of each stage are. */
    private static List<int[]> stages(int rounds, int firstRounds, int[] ends) {
        if (ends.length < 2 || rounds != 2 * firstRounds) {
            return List.of(IntStream.range(0, rounds).toArray());
        }
        List<int[]> stages = new ArrayList<>();
        int begin = 0;
        for (int end : ends) {
            stages.add(IntStream.concat(
                            IntStream.range(begin, end), IntStream.range(firstRounds + begin, firstRounds + end))
                    .toArray());
            begin = end;
        }
        return stages;
    }

    private double[] centred(double[] values) {
        double[] centred =
                isPositive(values) ? Arrays.stream(values).map(Math::log).toArray() : values.clone();
        for (int[] stage : stages) {
            double mean =
                    Arrays.stream(stage).mapToDouble(i -> centred[i]).average().orElse(0);
            for (int i : stage) {
                centred[i] -= mean;
            }
        }
        return centred;
    }

    private static boolean isPositive(double[] values) {
        return Arrays.stream(values).allMatch(value -> value > 0);
    }

    private double[] adjustedP(long seed) {
        double[] p = new double[figures.size()];
        if (figures.isEmpty()) {
            return p;
        }
        int rounds = figures.getFirst().length;
        boolean[] inFirst = new boolean[rounds];
        for (int i = 0; i < firstRounds; i++) {
            inFirst[i] = true;
        }
        double[] observed = distances(inFirst);
        int deals = 0;
        if (stages.size() == 1 && ways(rounds, firstRounds) <= MOST_DEALS) {
            for (int bits = 0; bits < 1 << rounds; bits++) {
                if (Integer.bitCount(bits) == firstRounds) {
                    deals++;
                    count(deal(bits, rounds), observed, p);
                }
            }
        } else {
            SplittableRandom random = new SplittableRandom(seed);
            count(inFirst, observed, p); // the deal that was seen is one of all, so p is never 0
            for (deals = 1; deals < MOST_DEALS; deals++) {
                for (int[] stage : stages) {
                    shuffle(inFirst, stage, random);
                }
                count(inFirst, observed, p);
            }
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= deals;
        }
        return p;
    }

    private void count(boolean[] inFirst, double[] observed, double[] reached) {
        double largest = 0;
        for (double distance : distances(inFirst)) {
            largest = Math.max(largest, distance);
        }
        for (int i = 0; i < observed.length; i++) {
            if (largest >= observed[i] * (1 - EQUAL_ENOUGH)) {
                reached[i]++;
            }
        }
    }

    private double[] distances(boolean[] inFirst) {
        double[] distances = new double[figures.size()];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = distance(figures.get(i), inFirst, floors[i]);
        }
        return distances;
    }

    private double distance(double[] values, boolean[] inFirst, double floor) {
        int second = values.length - firstRounds;
        double sum1 = 0;
        double sum2 = 0;
        for (int i = 0; i < values.length; i++) {
            if (inFirst[i]) {
                sum1 += values[i];
            } else {
                sum2 += values[i];
            }
        }
        double mean1 = sum1 / firstRounds;
        double mean2 = sum2 / second;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            double off = values[i] - (inFirst[i] ? mean1 : mean2);
            squares += off * off;
        }
        double variance = squares / Math.max(1, values.length - 2) * (1.0 / firstRounds + 1.0 / second);
        double scale = Math.max(Math.sqrt(variance), floor);
        return scale == 0 ? 0 : Math.abs(mean1 - mean2) / scale;
    }

    /** A figure that hardly varies must not stand out by its last digit. */
    private static double floor(double[] values) {
        if (isPositive(values)) {
            return FLOOR;
        }
        double sum = 0;
        for (double value : values) {
            sum += Math.abs(value);
        }
        return FLOOR * sum / values.length;
    }

    /** The fewest rounds of each with which p can be as small as the level. */
    static int fewest(double level) {
        int rounds = 2;
        while (2 / ways(2 * rounds, rounds) > level && rounds < MOST_ROUNDS) {
            rounds++;
        }
        return rounds;
    }

    private static double ways(int rounds, int first) {
        double ways = 1;
        for (int i = 1; i <= first; i++) {
            ways = ways * (rounds - first + i) / i;
        }
        return rounds > 30 ? Double.MAX_VALUE : ways;
    }

    private static boolean[] deal(int bits, int rounds) {
        boolean[] deal = new boolean[rounds];
        for (int i = 0; i < rounds; i++) {
            deal[i] = (bits >>> i & 1) == 1;
        }
        return deal;
    }

    private static void shuffle(boolean[] labels, int[] stage, SplittableRandom random) {
        for (int i = stage.length - 1; i > 0; i--) {
            int other = stage[random.nextInt(i + 1)];
            boolean kept = labels[stage[i]];
            labels[stage[i]] = labels[other];
            labels[other] = kept;
        }
    }
}
