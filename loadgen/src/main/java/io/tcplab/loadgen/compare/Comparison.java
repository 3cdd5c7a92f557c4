package io.tcplab.loadgen.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every figure of every pair of contenders, and one sentence that says what it comes to.
 *
 * <p>The {@link Primary} figures decide. The chance that contenders which are all the same are said to differ in one of them is held by
 * {@link ShuffledRounds} over the figures of a pair, by {@link StoppingRule} over the looks, and over the pairs by dividing the level by
 * their number (Bonferroni). The secondary figures are judged beside them in the same way, over all figures of the pair.
 *
 * @param sentence plain words, on top of every report
 * @param contenders at least two
 * @param differences in the order of the pairs, then the primary figures, then the others in the order of {@link ComparedFigure}
 */
public record Comparison(String sentence, List<Contender> contenders, List<Difference> differences) {

    private static final long SEED = 23;

    /** The critical value and the power's of the normal approximation: p 0.01 and 80%. */
    private static final double DEVIATIONS = 2.58 + 0.84;

    private static final int MOST_MORE = 100_000;

    /**
     * How a pair is judged: the largest p of a difference, where the stages end, what is worth finding, whether rounds ran in turns, how
     * many rounds it takes at the least.
     */
    @SuppressWarnings("ArrayRecordComponent") // read here alone
    private record Rules(double level, int[] stages, double find, boolean inTurns, int fewest) {}

    public Comparison {
        contenders = List.copyOf(contenders);
        differences = List.copyOf(differences);
    }

    /** Compares each with each by rounds that ran in turns and are looked at once; the earlier one is the base. */
    public static Comparison of(List<Contender> contenders) {
        return of(contenders, StoppingRule.single(rounds(contenders), contenders.size()));
    }

    /** Compares each with each by rounds that ran in turns. */
    public static Comparison of(List<Contender> contenders, StoppingRule rule) {
        int rounds = rounds(contenders);
        return of(
                contenders,
                new Rules(rule.level(rounds), rule.stages(rounds), rule.find(), true, rule.fewest(contenders.size())));
    }

    /** Compares results that ran at other times; {@code find} is the smallest difference that is worth finding, as a share. */
    static Comparison ofSaved(List<Contender> contenders, double find) {
        StoppingRule rule = StoppingRule.single(rounds(contenders), contenders.size());
        int rounds = rule.most();
        return of(
                contenders,
                new Rules(rule.level(rounds), rule.stages(rounds), find, false, rule.fewest(contenders.size())));
    }

    private static Comparison of(List<Contender> contenders, Rules rules) {
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            for (int j = i + 1; j < contenders.size(); j++) {
                differences.addAll(pair(contenders.get(i), contenders.get(j), rules));
            }
        }
        return new Comparison(Sentence.of(contenders, differences, rules.fewest()), contenders, differences);
    }

    private static int rounds(List<Contender> contenders) {
        return contenders.stream().mapToInt(each -> each.rounds().size()).min().orElse(0);
    }

    /** One pair, as if it were alone; no difference has p above the level and is still distinguishable. */
    public static List<Difference> pair(Contender first, Contender second, double level) {
        int rounds = Math.min(first.rounds().size(), second.rounds().size());
        return pair(
                first,
                second,
                new Rules(level, new int[] {rounds}, StoppingRule.USUAL_FIND, true, ShuffledRounds.fewest(level)));
    }

    private static List<Difference> pair(Contender first, Contender second, Rules rules) {
        List<ComparedFigure> primary = Primary.figures(first, second);
        List<ComparedFigure> compared = new ArrayList<>(primary);
        for (ComparedFigure figure : ComparedFigure.values()) {
            if (!primary.contains(figure) && first.of(figure) != null && second.of(figure) != null) {
                compared.add(figure);
            }
        }
        List<double[]> together =
                compared.stream().map(figure -> both(first, second, figure)).toList();
        int border = first.rounds().size();
        double[] ofPrimary =
                ShuffledRounds.adjustedP(together.subList(0, primary.size()), border, rules.stages(), SEED);
        double[] ofAll = ShuffledRounds.adjustedP(together, border, rules.stages(), SEED);
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < compared.size(); i++) {
            double[] a = Arrays.copyOfRange(together.get(i), 0, border);
            double[] b = Arrays.copyOfRange(together.get(i), border, together.get(i).length);
            RatioInterval interval = rules.inTurns() ? RatioInterval.paired(a, b) : RatioInterval.apart(a, b);
            boolean isPrimary = i < primary.size();
            ComparedFigure figure = compared.get(i);
            double p = isPrimary ? ofPrimary[i] : ofAll[i];
            differences.add(difference(
                    figure, isPrimary ? Primary.of(figure) : null, List.of(first, second), interval, p, rules));
        }
        return differences;
    }

    private static Difference difference(
            ComparedFigure figure,
            @Nullable Primary role,
            List<Contender> pair,
            RatioInterval interval,
            double p,
            Rules rules) {
        Double low = interval.low();
        Double high = interval.high();
        int rounds = rounds(pair);
        return new Difference(
                figure,
                pair.getFirst().name(),
                pair.getLast().name(),
                List.of(interval.firstMedian(), interval.secondMedian()),
                interval.ratio(),
                low == null || high == null ? List.of() : List.of(low, high),
                p,
                p <= rules.level() && interval.excludesOne(),
                role,
                Math.max(
                        rules.fewest() - rounds,
                        low == null || high == null ? rounds : moreRounds(low, high, rounds, rules.find())));
    }

    /** The rounds that are lacking; none where the interval leaves no room for a difference that is worth finding. */
    private static int moreRounds(double low, double high, int rounds, double find) {
        double worth = Math.log1p(find);
        if (Math.max(Math.log(high), -Math.log(low)) <= worth) {
            return 0;
        }
        double half = Math.log(high / low) / 2;
        double perRound = half / RatioInterval.t(rounds - 1.0) * Math.sqrt(rounds);
        double needed = Math.ceil(Math.pow(DEVIATIONS * perRound / worth, 2));
        return (int) Math.clamp(needed - rounds, 1, MOST_MORE);
    }

    /** Whether more rounds would change nothing: of every pair a primary difference is found, or none worth finding is left room for. */
    public boolean decided() {
        return contenders.stream()
                .allMatch(first -> contenders.stream()
                        .filter(second -> !second.equals(first))
                        .allMatch(second -> decided(primary(first.name(), second.name()))));
    }

    private static boolean decided(List<Difference> primary) {
        return primary.stream().anyMatch(Difference::distinguishable)
                || primary.stream().allMatch(each -> each.moreRounds() == 0);
    }

    private List<Difference> primary(String first, String second) {
        return differences.stream()
                .filter(each -> each.role() != null
                        && each.first().equals(first)
                        && each.second().equals(second))
                .toList();
    }

    private static double[] both(Contender first, Contender second, ComparedFigure figure) {
        double[] a = first.of(figure);
        double[] b = second.of(figure);
        if (a == null || b == null) {
            throw new IllegalArgumentException(figure + " is not in every round");
        }
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** How it was decided, for a reader. */
    public static String method(Comparison comparison) {
        long primary = comparison.differences().stream()
                .filter(each -> each.role() != null)
                .map(Difference::figure)
                .distinct()
                .count();
        return "\"yes\": a permutation test over whole rounds, corrected for the " + primary
                + " primary figures (for all figures below them), the looks and the pairs, and the 95% interval of the ratio"
                + " excludes 1. \"no\" is only said where the interval leaves no room for a difference that is worth finding.";
    }
}
