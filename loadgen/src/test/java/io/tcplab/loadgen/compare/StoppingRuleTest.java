package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.run.BadUsage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looking three times costs no false alarms, and finds what is there in the rounds that are promised. */
@Timeout(180)
class StoppingRuleTest {

    private static final StoppingRule USUAL = StoppingRule.sequential(2, StoppingRule.USUAL_FIND);
    private static final int TRIES = 200;

    /** What a sequential comparison came to. */
    private record Ended(Comparison comparison, int rounds) {
        boolean found() {
            return comparison.differences().stream().anyMatch(each -> each.role() != null && each.distinguishable());
        }
    }

    /** Noise of a round: the machine's mood that a pair shares, and each figure's own. */
    private record Noise(double mood, double own, double stall) {}

    private static Map<ComparedFigure, Double> round(SplittableRandom random, double mood, Noise noise, double cost) {
        Map<ComparedFigure, Double> round = new EnumMap<>(ComparedFigure.class);
        for (ComparedFigure figure : List.of(
                ComparedFigure.EXCHANGES,
                ComparedFigure.RESPONSE_P50,
                ComparedFigure.RESPONSE_P99,
                ComparedFigure.CPU)) {
            double stall = random.nextDouble() < noise.stall() ? 3 : 1;
            double wide = figure == ComparedFigure.RESPONSE_P99 ? 3 : 1;
            double factor = figure == ComparedFigure.CPU ? cost : 1;
            round.put(figure, 100 * factor * mood * stall * Math.exp(wide * noise.own() * random.nextGaussian()));
        }
        round.put(ComparedFigure.ERRORS, 0.0);
        return round;
    }

    private static Ended compare(SplittableRandom random, StoppingRule rule, Noise noise, double cost) {
        List<Map<ComparedFigure, Double>> first = new ArrayList<>();
        List<Map<ComparedFigure, Double>> second = new ArrayList<>();
        for (int n = 1; ; n++) {
            double mood = Math.exp(noise.mood() * random.nextGaussian());
            first.add(round(random, mood, noise, 1));
            second.add(round(random, mood, noise, cost));
            if (rule.looksAt(n)) {
                Comparison comparison =
                        Comparison.of(List.of(new Contender("a", first), new Contender("b", second)), rule);
                if (comparison.decided() || n == rule.most()) {
                    return new Ended(comparison, n);
                }
            }
        }
    }

    private static int found(Noise noise, double cost, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int found = 0;
        for (int i = 0; i < TRIES; i++) {
            found += compare(random, USUAL, noise, cost).found() ? 1 : 0;
        }
        return found;
    }

    @Test
    void whatIsWorthFindingIsTheUsersToSayOfAnyNumberOfRounds() {
        SplittableRandom random = new SplittableRandom(7);
        Noise noise = new Noise(0, 0.04, 0);
        List<Map<ComparedFigure, Double>> first = new ArrayList<>();
        List<Map<ComparedFigure, Double>> second = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            first.add(round(random, 1, noise, 1));
            second.add(round(random, 1, noise, 1));
        }
        List<Contender> alike = List.of(new Contender("a", first), new Contender("b", second));
        assertThat(Comparison.of(alike, StoppingRule.single(8, 2, 1)).decided()).isTrue();
        assertThat(Comparison.of(alike, StoppingRule.single(8, 2, 0.02)).decided())
                .isFalse();
        assertThat(Comparison.ofSaved(alike, 1).decided()).isTrue();
        assertThat(Comparison.ofSaved(alike, 0.02).decided()).isFalse();
    }

    @Test
    void thereAreThreeLooksWithinTheRoundsThatArePromised() {
        assertThat(USUAL.looks()).extracting(StoppingRule.Look::rounds).containsExactly(5, 8, 12);
        assertThat(USUAL.looks().stream().mapToDouble(StoppingRule.Look::level).sum())
                .isLessThanOrEqualTo(StoppingRule.SPENT);
        assertThat(StoppingRule.sequential(3, 0.1).looks().getFirst().rounds()).isEqualTo(6);
        assertThat(StoppingRule.sequential(2, 0.05).most()).isEqualTo(46);
        assertThatThrownBy(() -> StoppingRule.sequential(2, 0.001)).isInstanceOf(BadUsage.class);
    }

    @Test
    void equalContendersAreSaidToDifferInAtMostOneOfSixty() {
        assertThat(found(new Noise(0.2, 0.05, 0), 1, 31)).isLessThanOrEqualTo(TRIES / 60 + 2);
        assertThat(found(new Noise(0.2, 0.3, 0.1), 1, 32)).isLessThanOrEqualTo(TRIES / 60 + 2);
    }

    @Test
    void aCostOfTenPercentIsFoundInFourOfFiveWhereRoundsVaryByFourPercent() {
        assertThat(found(new Noise(0.02, 0.04, 0), 1.1, 33)).isGreaterThanOrEqualTo(TRIES * 4 / 5);
    }

    @Test
    void twiceTheCostIsFoundInTheFirstFiveRounds() {
        SplittableRandom random = new SplittableRandom(34);
        int inFive = 0;
        for (int i = 0; i < TRIES; i++) {
            Ended ended = compare(random, USUAL, new Noise(0.1, 0.1, 0), 2);
            inFive += ended.found() && ended.rounds() == 5 ? 1 : 0;
        }
        assertThat(inFive).isGreaterThanOrEqualTo(TRIES * 95 / 100);
    }

    @Test
    void aMachineThatSlowsDownBetweenTheStagesBlursNothing() {
        SplittableRandom random = new SplittableRandom(35);
        Noise noise = new Noise(0, 0.03, 0);
        List<Map<ComparedFigure, Double>> first = new ArrayList<>();
        List<Map<ComparedFigure, Double>> second = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            double mood = i < 5 ? 1 : i < 8 ? 3 : 9;
            first.add(round(random, mood, noise, 1));
            second.add(round(random, mood, noise, 1.1));
        }
        Comparison comparison = Comparison.of(List.of(new Contender("a", first), new Contender("b", second)), USUAL);
        assertThat(comparison.sentence()).startsWith("b is").contains("more expensive than a in CPU per exchange");
    }
}
