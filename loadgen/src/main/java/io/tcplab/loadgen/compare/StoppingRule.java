package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.run.BadUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When a comparison looks at its rounds, and what a difference must be to count at each look; fixed before the first round.
 *
 * <p>Who looks after every round and stops as soon as something shows up finds something nearly always. So there are three looks,
 * and each may spend a part of the chance of a false alarm, {@value #SPENT} in all (alpha spending, Lan and DeMets 1983, Biometrika 70):
 * half at the first, a quarter at each of the others. The parts add up, whatever the looks have in common, so the bound needs no
 * assumption (Bonferroni).
 *
 * @param looks by rounds, ascending
 * @param find the smallest difference that is worth finding, as a share: 0.1
 */
public record StoppingRule(List<Look> looks, double find) {

    /** Of a comparison whose rounds are all looked at once. */
    static final double LEVEL = 0.01;
    /** Of a comparison with several looks. */
    static final double SPENT = 0.016;

    /** A difference of this share is found in {@value #USUAL_MOST} rounds whose figures vary by 4%. */
    public static final double USUAL_FIND = 0.1;

    private static final int USUAL_MOST = 12;
    private static final int MOST = 200;
    private static final double LEAST_FIND = 0.02;
    private static final double MOST_FIND = 10;

    /**
     * A look.
     *
     * @param rounds of each contender that there are then
     * @param level the largest p-value of a difference, over the primary figures of a pair
     */
    public record Look(int rounds, double level) {}

    public StoppingRule {
        looks = List.copyOf(looks);
    }

    /** A single look at so many rounds. */
    static StoppingRule single(int rounds, int contenders) {
        return single(rounds, contenders, USUAL_FIND);
    }

    /** A single look at a number of rounds that the user asked for. */
    public static StoppingRule single(int rounds, int contenders, double find) {
        return new StoppingRule(List.of(new Look(rounds, LEVEL / pairs(contenders))), allowed(find));
    }

    /** Three looks, the last when a difference as large as {@code find} should have been seen. */
    public static StoppingRule sequential(int contenders, double find) {
        double level = SPENT / pairs(contenders);
        int first = ShuffledRounds.fewest(level / 2);
        double times = Math.log1p(USUAL_FIND) / Math.log1p(allowed(find));
        int most = (int) Math.clamp(Math.ceil(USUAL_MOST * times * times), first + 2, MOST);
        return new StoppingRule(
                List.of(new Look(first, level / 2), new Look((first + most) / 2, level / 4), new Look(most, level / 4)),
                find);
    }

    private static double allowed(double find) {
        if (!(find >= LEAST_FIND && find <= MOST_FIND)) {
            throw new BadUsage("--find must be from 2% to 1000%, such as 10%.");
        }
        return find;
    }

    private static double pairs(int contenders) {
        return contenders * (contenders - 1) / 2.0;
    }

    /** The most rounds of each contender. */
    public int most() {
        return looks.getLast().rounds();
    }

    /** The fewest that can prove anything. */
    int fewest(int contenders) {
        return ShuffledRounds.fewest(looks.size() > 1 ? looks.getFirst().level() : LEVEL / pairs(contenders));
    }

    /** Whether the rounds are looked at when there are so many. */
    public boolean looksAt(int rounds) {
        return looks.stream().anyMatch(look -> look.rounds() == rounds);
    }

    /** What counts when there are so many rounds; between two looks, as after an interruption, what the next one may spend. */
    double level(int rounds) {
        return looks.stream()
                .filter(look -> look.rounds() >= rounds)
                .findFirst()
                .orElse(looks.getLast())
                .level();
    }

    /** The ends of the stages that so many rounds had: those of the looks before, and the last round. */
    int[] stages(int rounds) {
        List<Integer> ends = new ArrayList<>();
        looks.stream().map(Look::rounds).filter(end -> end < rounds).forEach(ends::add);
        ends.add(rounds);
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What is promised before the first round. */
    public String promise() {
        return looks.size() == 1
                ? most() + " rounds of each contender, looked at once."
                : String.format(
                        Locale.ROOT,
                        "up to %d rounds of each contender, looked at after %s; it ends early once every pair is decided. A difference"
                                + " of %s is found in 4 of 5 comparisons where rounds vary by 4%%, and equal contenders are said to"
                                + " differ in at most 1 of 60.",
                        most(),
                        String.join(
                                ", ",
                                looks.stream()
                                        .map(look -> Integer.toString(look.rounds()))
                                        .toList()),
                        Sentence.share(find));
    }
}
