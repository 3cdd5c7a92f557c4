package io.tcplab.loadgen.inspect.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.loadgen.inspect.CheckVerdict;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.inspect.check.RaceShot.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the window of the idle race begins, from invented requests, and where a sweep aims when they leave it open. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RaceSweepTest {

    private static final double IDLE_SECONDS = 1;
    private static final int MACHINES = 200;

    private static List<RaceShot> shots(double[] lost, double[] answered) {
        List<RaceShot> shots = new ArrayList<>();
        DoubleStream.of(lost).forEach(lead -> shots.add(shot(Fate.LOST, -lead, lead)));
        DoubleStream.of(answered).forEach(lead -> shots.add(shot(Fate.ANSWERED, -lead, lead)));
        return shots;
    }

    private static RaceShot shot(Fate fate, double sentMillis, double leadMillis) {
        return new RaceShot(sentMillis, sentMillis, fate, leadMillis, leadMillis, true, 20, 20, "");
    }

    /** A machine whose load delays each step by some milliseconds, and some of them by many. */
    private static final class Loaded implements RaceSweep.Shooter {
        private final Random random;
        private final double windowMillis;
        private final double lateByI1Millis;
        private final double delayMillis;
        private final List<List<Double>> rounds = new ArrayList<>();

        Loaded(long seed, double windowMillis, double lateByI1Millis, double delayMillis) {
            this.random = new Random(seed);
            this.windowMillis = windowMillis;
            this.lateByI1Millis = lateByI1Millis;
            this.delayMillis = delayMillis;
        }

        private double delay() {
            return -Math.log(1 - random.nextDouble()) * delayMillis * (random.nextInt(10) == 0 ? 4 : 1);
        }

        @Override
        public List<RaceShot> shoot(List<Double> aimsMillis) {
            rounds.add(aimsMillis);
            return aimsMillis.stream().map(this::one).toList();
        }

        private RaceShot one(double aimMillis) {
            double readLate = delay();
            double sent = aimMillis + delay();
            double close = delay() - lateByI1Millis - readLate;
            double seen = close + delay();
            return sent > close
                    ? shot(Fate.CLOSED_BEFORE, seen, 0)
                    : close - sent <= windowMillis ? shot(Fate.LOST, sent, seen - sent) : shot(Fate.ANSWERED, sent, 0);
        }
    }

    /** On loopback, over 20 ms, and where the server stops reading long before; on an idle machine and on loaded ones. */
    @ParameterizedTest
    @CsvSource({
        "0.1, 0, 0.02, 0.6",
        "0.1, 4, 0.5, 5",
        "20, 0, 0.02, 2.1",
        "20, 8, 0.5, 6",
        "20, -8, 1, 8",
        "300, 2, 0.5, 35",
        "20, 5, 5, 25"
    })
    void theWindowIsFoundOnEveryMachine(double window, double lateByI1, double delay, double within) throws Exception {
        for (int machine = 0; machine < MACHINES; machine++) {
            RaceSweep sweep = RaceSweep.of(new Loaded(machine, window, lateByI1, delay), IDLE_SECONDS);
            assertThat(sweep.window().lostMillis())
                    .as("machine %d: %s", machine, sweep.window())
                    .isCloseTo(window, within(within));
        }
    }

    /** A server that stops reading 300 ms before its close is found, and one over a round trip of 20 ms is not taken for it. */
    @ParameterizedTest
    @CsvSource({"300, 12, true", "300, 20, true", "300, 30, true", "300, 40, true", "20, 12, false", "20, 20, false"})
    void aWideWindowIsSeenOnABusyMachine(double window, double delay, boolean wide) throws Exception {
        for (int machine = 0; machine < MACHINES; machine++) {
            RaceSweep sweep = RaceSweep.of(new Loaded(machine, window, 2, delay), IDLE_SECONDS);
            assertThat(KeepaliveRace.isWide(sweep))
                    .as("machine %d: %s", machine, sweep.window())
                    .isEqualTo(wide);
        }
    }

    /** What once gave a window of 2.1 ms at a round trip of 20: the one request that was early enough stood alone. */
    @Test
    void theWindowIsNotSmallerThanWhatWasSeen() {
        RaceWindow window = RaceWindow.of(shots(new double[] {0.3, 0.8, 1.4, 2.1, 19.7}, new double[] {40, 70, 100}));
        assertThat(window.lostMillis()).isEqualTo(19.7);
        assertThat(window.enclosed()).isFalse();
    }

    @Test
    void anEndThatWasSeenLateIsRefutedByWhatWasAnsweredMeanwhile() {
        RaceWindow window =
                RaceWindow.of(shots(new double[] {0.1, 0.2, 12}, new double[] {0.4, 0.9, 1.5, 3, 6, 11, 20}));
        assertThat(window.lostMillis()).isEqualTo(0.2);
        assertThat(window.answeredMillis()).isEqualTo(0.4);
        assertThat(window.enclosed()).isTrue();
    }

    @Test
    void whereNothingWasLostTheWindowEndsAtTheLatestAnswer() {
        assertThat(RaceWindow.of(shots(new double[] {}, new double[] {0.7, 3}))).isEqualTo(new RaceWindow(0, 0, 0.7));
        assertThat(RaceWindow.of(shots(new double[] {}, new double[] {7, 30})).enclosed())
                .isFalse();
        assertThat(RaceWindow.of(List.of()).enclosed()).isFalse();
    }

    /** The second round lies where the first left the beginning open, by the close that the first one saw. */
    @Test
    void aFurtherRoundAimsWhereTheWindowBegins() throws Exception {
        Loaded machine = new Loaded(1, 20, 5, 0.001);
        RaceSweep sweep = RaceSweep.of(machine, IDLE_SECONDS);
        assertThat(sweep.window().enclosed()).isTrue();
        assertThat(machine.rounds).hasSizeBetween(2, 4);
        // Two connections only watch, 300 ms longer.
        List<Double> aims =
                machine.rounds.get(1).stream().filter(each -> each < 100).toList();
        assertThat(aims)
                .hasSize(machine.rounds.get(1).size() - 2)
                .allSatisfy(aim -> assertThat(aim).isBetween(-60.0, 10.0));
    }

    /** A server may stop taking connections: what the first round saw stays. */
    @Test
    void aRoundThatIsRefusedEndsTheSweepAndLeavesWhatWasSeen() throws Exception {
        List<List<Double>> rounds = new ArrayList<>();
        RaceSweep sweep = RaceSweep.of(
                aims -> {
                    rounds.add(aims);
                    if (rounds.size() == 2) {
                        throw new Unreachable("connect: ECONNREFUSED");
                    }
                    return List.of(shot(Fate.LOST, -15, 15), shot(Fate.ANSWERED, -40, 0));
                },
                IDLE_SECONDS);
        assertThat(rounds).hasSize(2);
        assertThat(sweep.window().lostMillis()).isEqualTo(15);
    }

    /** However few connections are left, their moments lie on both sides of the timeout. */
    @Test
    void theFirstMomentsThatAreTakenLieEverywhere() {
        List<Double> aims =
                DoubleStream.iterate(-16, each -> each + 1).limit(33).boxed().toList();
        assertThat(RaceShooter.spread(aims)).containsExactlyInAnyOrderElementsOf(aims);
        assertThat(RaceShooter.spread(aims).subList(0, 5)).containsExactly(-16.0, 16.0, 0.0, -8.0, 8.0);
    }

    @Test
    void aSweepEndsWhereTheBeginningCannotBeEnclosedAndSaysSo() throws Exception {
        List<List<Double>> rounds = new ArrayList<>();
        RaceSweep sweep = RaceSweep.of(
                aims -> {
                    rounds.add(aims);
                    return List.of(shot(Fate.LOST, -15, 15), shot(Fate.ANSWERED, -40, 0));
                },
                IDLE_SECONDS);
        assertThat(rounds).hasSize(5);
        Finding finding = KeepaliveRace.judged(sweep.shots(), sweep.window(), false);
        assertThat(finding.observed()).isEqualTo("narrow");
        assertThat(finding.sentence()).contains("between 15.0 and 40.0 ms wide");
    }

    /** A server that looks for idle connections every ten seconds is met by chance only. */
    @Test
    void aSweepThatMeetsNoCloseClaimsNoWindow() throws Exception {
        RaceSweep sweep = RaceSweep.of(
                aims -> aims.stream().map(aim -> shot(Fate.ANSWERED, aim, 0)).toList(), IDLE_SECONDS);
        assertThat(sweep.window().enclosed()).isFalse();
        Finding finding = KeepaliveRace.judged(sweep.shots(), sweep.window(), false);
        assertThat(finding.verdict()).isEqualTo(CheckVerdict.NOT_OBSERVED);
    }

    @Test
    void aServerThatAnswersNothingIsSweptToo() throws Exception {
        RaceSweep sweep = RaceSweep.of(
                aims -> aims.stream().map(aim -> shot(Fate.LOST, aim, 400)).toList(), IDLE_SECONDS);
        assertThat(KeepaliveRace.judged(sweep.shots(), sweep.window(), true).sentence())
                .contains("at least 400.0 ms wide");
    }
}
