package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the same is said to be the same, and what differs is said to differ. */
@Timeout(180)
class SelfComparisonTest {

    private static final int TRIES = 100;

    /** A round of 16 figures that share the machine's mood, with a long tail as latencies have it. */
    private static Map<ComparedFigure, Double> round(SplittableRandom random, double factor) {
        double mood = Math.exp(0.2 * random.nextGaussian());
        Map<ComparedFigure, Double> figures = new EnumMap<>(ComparedFigure.class);
        for (ComparedFigure figure : ComparedFigure.values()) {
            double stall = random.nextInt(10) == 0 ? 5 : 1;
            figures.put(figure, factor * 100 * mood * stall * Math.exp(0.3 * random.nextGaussian()));
        }
        return figures;
    }

    private static Contender contender(String name, SplittableRandom random, int rounds, double factor) {
        List<Map<ComparedFigure, Double>> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            all.add(round(random, factor));
        }
        return new Contender(name, all);
    }

    private static int falseAlarms(int rounds) {
        SplittableRandom random = new SplittableRandom(20);
        int alarms = 0;
        for (int i = 0; i < TRIES; i++) {
            Comparison same =
                    Comparison.of(List.of(contender("a", random, rounds, 1), contender("b", random, rounds, 1)));
            alarms += anyDistinguishable(same) ? 1 : 0;
        }
        return alarms;
    }

    @Test
    void theSameProfileTwiceDiffersInNothingInNineteenOfTwenty() {
        assertThat(falseAlarms(5)).isLessThanOrEqualTo(TRIES / 40);
        assertThat(falseAlarms(8)).isLessThanOrEqualTo(TRIES / 40);
    }

    /**
     * 20 real comparisons of one profile with itself on a busy machine, five rounds of each contender, as {@code bench/self-compare
     * --rounds} wrote them: the figures, then a line for each round, ten to a comparison.
     */
    private static List<Map<ComparedFigure, Double>> recorded() throws IOException {
        try (InputStream in = SelfComparisonTest.class.getResourceAsStream("recorded-rounds.csv")) {
            List<String> lines = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> keys = List.of(lines.getFirst().split(",", -1));
            List<Map<ComparedFigure, Double>> rounds = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] values = line.split(",", -1);
                Map<ComparedFigure, Double> round = new EnumMap<>(ComparedFigure.class);
                for (ComparedFigure figure : ComparedFigure.values()) {
                    int column = keys.indexOf(figure.key());
                    String value = column < 0 ? "" : values[column];
                    if (!value.isEmpty()) {
                        round.put(
                                figure,
                                Double.valueOf(value)); // a stalled round lacks what is counted for each exchange
                    }
                }
                rounds.add(round);
            }
            return rounds;
        }
    }

    private static boolean alarm(List<Map<ComparedFigure, Double>> ten) {
        return anyDistinguishable(
                Comparison.of(List.of(new Contender("a", ten.subList(0, 5)), new Contender("b", ten.subList(5, 10)))));
    }

    private static boolean anyDistinguishable(Comparison comparison) {
        return comparison.differences().stream().anyMatch(Difference::distinguishable);
    }

    @Test
    void realComparisonsOfAProfileWithItselfSeeNoDifferenceInNineteenOfTwenty() throws IOException {
        List<Map<ComparedFigure, Double>> rounds = recorded();
        assertThat(rounds).hasSize(200);
        int alarms = 0;
        for (int i = 0; i < rounds.size(); i += 10) {
            alarms += alarm(rounds.subList(i, i + 10)) ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(1);
    }

    /** Dealt anew within each comparison, so that rounds of the same minutes meet. */
    @Test
    void recordedRoundsDealtAnewDifferInNothingInNineteenOfTwenty() throws IOException {
        List<Map<ComparedFigure, Double>> rounds = recorded();
        Random random = new Random(24);
        int alarms = 0;
        for (int i = 0; i < TRIES; i++) {
            int from = i % 20 * 10;
            List<Map<ComparedFigure, Double>> ten = new ArrayList<>(rounds.subList(from, from + 10));
            Collections.shuffle(ten, random);
            alarms += alarm(ten) ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(TRIES / 20);
    }

    @Test
    void threeContendersThatAreTheSameDifferInNothingInNineteenOfTwenty() {
        SplittableRandom random = new SplittableRandom(21);
        int alarms = 0;
        for (int i = 0; i < TRIES; i++) {
            Comparison same = Comparison.of(
                    List.of(contender("a", random, 6, 1), contender("b", random, 6, 1), contender("c", random, 6, 1)));
            alarms += anyDistinguishable(same) ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(TRIES / 40);
    }

    @Test
    void anythingTenTimesAsLargeIsFoundInFiveRounds() {
        SplittableRandom random = new SplittableRandom(22);
        int found = 0;
        for (int i = 0; i < 40; i++) {
            Comparison different = Comparison.of(List.of(contender("a", random, 5, 1), contender("b", random, 5, 10)));
            found += anyDistinguishable(different) ? 1 : 0;
        }
        assertThat(found).isGreaterThanOrEqualTo(36);
    }

    @Test
    void threeRoundsProveNothingAndTheSentenceSaysSo() {
        SplittableRandom random = new SplittableRandom(23);
        Comparison comparison = Comparison.of(List.of(contender("a", random, 3, 1), contender("b", random, 3, 1000)));
        assertThat(anyDistinguishable(comparison)).isFalse();
        assertThat(comparison.sentence()).contains("repeat at least 5 times");
    }

    @Test
    void equalCountsHaveRatioOneAndAreNotDistinguishable() {
        Map<ComparedFigure, Double> round = Map.of(ComparedFigure.ERRORS, 0.0, ComparedFigure.CONNECTIONS, 100.0);
        List<Map<ComparedFigure, Double>> five = List.of(round, round, round, round, round);
        Comparison comparison = Comparison.of(List.of(new Contender("a", five), new Contender("b", five)));
        assertThat(comparison.differences()).allSatisfy(each -> {
            assertThat(each.ratio()).isEqualTo(1.0);
            assertThat(each.distinguishable()).isFalse();
        });
    }

    @Test
    void anIntervalHoldsTheRatio() {
        RatioInterval interval =
                RatioInterval.paired(new double[] {9, 10, 10, 11, 10}, new double[] {19, 20, 20, 21, 20});
        assertThat(interval.ratio()).isCloseTo(2.0, within(0.02));
        assertThat(interval.low()).isBetween(1.8, 2.0);
        assertThat(interval.high()).isBetween(2.0, 2.2);
        assertThat(interval.excludesOne()).isTrue();
    }

    @Test
    void aStalledRoundAmongTwelveHardlyMovesTheInterval() {
        double[] first = {100, 101, 99, 100, 102, 98, 100, 101, 99, 100, 101, 99};
        double[] second = {101, 99, 100, 102, 98, 101, 100, 99, 101, 100, 99, 5};
        RatioInterval interval = RatioInterval.paired(first, second);
        assertThat(interval.ratio()).isCloseTo(1, within(0.02));
        assertThat(interval.low()).isGreaterThan(0.97);
        assertThat(interval.high()).isLessThan(1.03);
    }

    /** Wilcoxon's and Student's intervals both leave out a ratio of 1 in about one of twenty cases. */
    @Test
    void theIntervalHoldsInNineteenOfTwenty() {
        SplittableRandom random = new SplittableRandom(25);
        for (int rounds : new int[] {5, 6, 8, 12, 25}) {
            int outside = 0;
            for (int i = 0; i < 2_000; i++) {
                double[] a =
                        random.doubles(rounds).map(each -> Math.exp(0.3 * each)).toArray();
                double[] b =
                        random.doubles(rounds).map(each -> Math.exp(0.3 * each)).toArray();
                outside += RatioInterval.paired(a, b).excludesOne() ? 1 : 0;
            }
            assertThat(outside).as(rounds + " rounds").isBetween(30, 125);
        }
    }
}
