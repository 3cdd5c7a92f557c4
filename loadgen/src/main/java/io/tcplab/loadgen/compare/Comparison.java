package io.tcplab.loadgen.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every figure of every pair of contenders, and one sentence that says what it comes to.
 *
 * <p>The chance that contenders which are all the same are said to differ in anything is held at {@value #LEVEL}: over the figures
 * of a pair by {@link ShuffledRounds}, over the pairs by dividing the level by their number (Bonferroni).
 *
 * @param sentence plain words, on top of every report
 * @param contenders at least two
 * @param differences in the order of the pairs, then of {@link ComparedFigure}
 */
public record Comparison(String sentence, List<Contender> contenders, List<Difference> differences) {

    static final double LEVEL = 0.01;
    private static final long SEED = 23;

    public Comparison {
        contenders = List.copyOf(contenders);
        differences = List.copyOf(differences);
    }

    /** Compares each with each; the earlier one is the base. */
    public static Comparison of(List<Contender> contenders) {
        List<Difference> differences = new ArrayList<>();
        int pairs = contenders.size() * (contenders.size() - 1) / 2;
        for (int i = 0; i < contenders.size(); i++) {
            for (int j = i + 1; j < contenders.size(); j++) {
                differences.addAll(pair(contenders.get(i), contenders.get(j), LEVEL / pairs));
            }
        }
        return new Comparison(
                Sentence.of(contenders, differences, fewestRounds(contenders.size())), contenders, differences);
    }

    /** How many rounds of each of so many contenders it takes before anything can be told apart at all. */
    public static int fewestRounds(int contenders) {
        return ShuffledRounds.fewest(LEVEL / (contenders * (contenders - 1) / 2.0));
    }

    /** One pair, as if it were alone; no difference has p above the level and is still distinguishable. */
    public static List<Difference> pair(Contender first, Contender second, double level) {
        List<ComparedFigure> compared = new ArrayList<>();
        List<double[]> together = new ArrayList<>();
        for (ComparedFigure figure : ComparedFigure.values()) {
            double[] a = first.of(figure);
            double[] b = second.of(figure);
            if (a != null && b != null) {
                compared.add(figure);
                together.add(concatenated(a, b));
            }
        }
        double[] p = ShuffledRounds.adjustedP(together, first.rounds().size(), SEED);
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            double[] both = together.get(i);
            int border = first.rounds().size();
            RatioInterval interval = RatioInterval.of(
                    Arrays.copyOfRange(both, 0, border), Arrays.copyOfRange(both, border, both.length), SEED + i);
            differences.add(difference(compared.get(i), first, second, interval, p[i], level));
        }
        return differences;
    }

    private static Difference difference(
            ComparedFigure figure, Contender first, Contender second, RatioInterval interval, double p, double level) {
        Double low = interval.low();
        Double high = interval.high();
        return new Difference(
                figure,
                first.name(),
                second.name(),
                List.of(interval.firstMedian(), interval.secondMedian()),
                interval.ratio(),
                low == null || high == null ? List.of() : List.of(low, high),
                p,
                p <= level && interval.excludesOne());
    }

    private static double[] concatenated(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** How it was decided, in one sentence for a reader. */
    public static String method(Comparison comparison) {
        int contenders = comparison.contenders().size();
        int pairs = contenders * (contenders - 1) / 2;
        int figures = comparison.differences().size() / Math.max(1, pairs);
        return "\"yes\": p < 0.01, corrected for all " + figures + " figures"
                + (pairs > 1 ? " of the " + pairs + " pairs" : "")
                + " (permutation test over whole rounds), and the 95% bootstrap interval excludes 1.";
    }
}
