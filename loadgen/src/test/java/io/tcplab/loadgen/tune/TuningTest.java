package io.tcplab.loadgen.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.compare.Specimens;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.tune.law.Law;
import io.tcplab.loadgen.watch.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said about a knob: took effect, without effect, absent, not judged. */
@Timeout(30)
class TuningTest {

    private static final String REUSE = "net.ipv4.tcp_tw_reuse";
    private static final String TIMEOUT = "net.ipv4.tcp_fin_timeout";

    private static Knob knob(String key) {
        return new Knob(Knob.Kind.CLIENT_SYSCTL, key);
    }

    private static Specimens.Round reused(long completed) {
        return Specimens.round()
                .ended(ConnectionOutcome.COMPLETED, completed)
                .client("TcpExt.TWRecycled", completed - 100)
                .client("TcpExt.TW", completed);
    }

    private static CellResult cell(String key, String value, long completed) {
        return Specimens.cell(Map.of(key, value), reused(completed), reused(completed));
    }

    private static KnobVerdict only(Tuning tuning) {
        assertThat(tuning.knobs()).hasSize(1);
        return tuning.knobs().getFirst();
    }

    @Test
    void aKnobThatMovesACounterTookEffectAndTheCounterIsTheEvidence() {
        Tuning tuning =
                Tuning.of(List.of(cell(REUSE, "0", 100), cell(REUSE, "1", 600)), Set.of(knob(REUSE)), Set.of(), "6.18");
        assertThat(only(tuning).tookEffect()).isTrue();
        assertThat(only(tuning).evidence()).first().isEqualTo("client TcpExt.TWRecycled 0 → 500 (0 → 1)");
        assertThat(only(tuning).verdict()).startsWith("changed 0 → 1: 6.00× the connections/s");
        assertThat(only(tuning).recommendation()).contains("closes them first");
        assertThat(tuning.sentence()).startsWith("Took effect: " + REUSE + ".");
    }

    @Test
    void aKnobThatMovesNothingIsWithoutEffectAndNotASmallImprovement() {
        Tuning tuning = Tuning.of(
                List.of(cell(TIMEOUT, "1", 100), cell(TIMEOUT, "60", 101)), Set.of(knob(TIMEOUT)), Set.of(), "6.18");
        assertThat(only(tuning).tookEffect()).isFalse();
        assertThat(only(tuning).verdict()).isEqualTo("no effect: no difference beyond noise in 1 comparison (1 → 60)");
        assertThat(only(tuning).recommendation()).contains("does not shorten TIME_WAIT");
        assertThat(tuning.sentence()).isEqualTo("No setting took effect; did not: " + TIMEOUT + " (no effect).");
    }

    @Test
    void whereTheGeneratorWasLateNothingIsSaidOfTheKnob() {
        CellResult first = cell(REUSE, "0", 100);
        CellResult missed = cell(REUSE, "1", 100);
        Law law = new Law("ports", 600, 600, 100, "100 ports × 6 intervals started", true);
        CellResult late = new CellResult(missed.cell(), missed.readBack(), missed.rounds(), List.of(law));
        Tuning tuning = Tuning.of(List.of(first, late), Set.of(knob(REUSE)), Set.of(), "6.18");
        assertThat(only(tuning).verdict()).isEqualTo("not judged because a round was late or not valid: 0 → 1");
        assertThat(tuning.sentence()).contains(REUSE + " (not judged because a round was late or not valid)");
    }

    @Test
    void whereARoundIsNotValidNoDifferenceIsNoVerdict() {
        CellResult stalled =
                Specimens.cell(Map.of(REUSE, "1"), reused(100), reused(100).notValid());
        Tuning tuning = Tuning.of(List.of(cell(REUSE, "0", 100), stalled), Set.of(knob(REUSE)), Set.of(), "6.18");
        assertThat(only(tuning).verdict()).isEqualTo("not judged because a round was late or not valid: 0 → 1");
    }

    @Test
    void aKnobThatTheKernelLacksIsAbsent() {
        Knob recycle = knob("net.ipv4.tcp_tw_recycle");
        Tuning tuning =
                Tuning.of(List.of(Specimens.cell(Map.of(), reused(100))), Set.of(recycle), Set.of(recycle), "6.18");
        assertThat(only(tuning).tookEffect()).isFalse();
        assertThat(only(tuning).verdict()).startsWith("absent: Linux 6.18");
        assertThat(tuning.sentence()).contains("net.ipv4.tcp_tw_recycle (absent)");
    }

    @Test
    void oneRoundOfEachProvesNothing() {
        Tuning tuning = Tuning.of(
                List.of(
                        Specimens.cell(Map.of(REUSE, "0"), reused(100)),
                        Specimens.cell(Map.of(REUSE, "1"), reused(600))),
                Set.of(knob(REUSE)),
                Set.of(),
                "6.18");
        assertThat(only(tuning).tookEffect()).isFalse();
        assertThat(only(tuning).without()).isEmpty();
        assertThat(only(tuning).verdict())
                .isEqualTo("cannot tell: too few rounds to rule out noise (0 → 1: 100 → 600 connections/s in 1 round)");
        assertThat(tuning.sentence()).isEqualTo("No effect is shown; too few rounds to judge: " + REUSE + ".");
    }

    @Test
    void cellsThatDifferInTwoKnobsAreNotHeldAgainstEachOther() {
        CellResult a = Specimens.cell(Map.of(REUSE, "0", TIMEOUT, "1"), reused(100), reused(100));
        CellResult b = Specimens.cell(Map.of(REUSE, "1", TIMEOUT, "60"), reused(600), reused(600));
        Tuning tuning = Tuning.of(List.of(a, b), Set.of(knob(REUSE)), Set.of(), "6.18");
        assertThat(only(tuning).verdict()).startsWith("not judged");
    }

    @Test
    void eachValueIsComparedWithTheFirstAndWithTheOneBefore() {
        List<CellResult> cells = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            cells.add(cell(REUSE, Integer.toString(i), 100));
        }
        assertThat(Tuning.pairs(knob(REUSE), cells).stream().map(Tuning.Pair::change))
                .containsExactlyInAnyOrder("0 → 1", "1 → 2", "0 → 2", "2 → 3", "0 → 3", "3 → 4", "0 → 4");
    }

    private static CellResult queue(String backlog, long limit, long peak, long overflows) {
        Specimens.Round round = Specimens.round().queue(limit, peak).server("TcpExt.ListenOverflows", overflows);
        return Specimens.cell(Map.of("backlog", backlog), round, round);
    }

    @Test
    void theOverflowPointIsTheSmallestLimitAboveEveryOneThatOverflowed() {
        OverflowPoint point = OverflowPoint.of(List.of(
                queue("64", 64, 58, 0), queue("16", 16, 17, 63), queue("32", 32, 33, 30), queue("128", 128, 59, 0)));
        assertThat(point).isEqualTo(new OverflowPoint(64, 32, 30, 59));
        assertThat(String.valueOf(point == null ? null : point.sentence()))
                .contains("= 32 overflowed", "64 did not", "58 would have been enough");
    }

    @Test
    void withoutAnOverflowThereIsNoOverflowPoint() {
        assertThat(OverflowPoint.of(List.of(queue("64", 64, 58, 0), queue("128", 128, 59, 0))))
                .isNull();
        OverflowPoint none = OverflowPoint.of(List.of(queue("8", 8, 9, 90), queue("16", 16, 17, 63)));
        assertThat(String.valueOf(none == null ? null : none.sentence())).contains("every limit tried");
    }

    @Test
    void theTableLeavesOutWhatNeverHappened() {
        Tuning tuning =
                Tuning.of(List.of(cell(REUSE, "0", 100), cell(REUSE, "1", 600)), Set.of(knob(REUSE)), Set.of(), "6.18");
        String text = TuningText.render(tuning, List.of("a note"));
        assertThat(text).contains("reused", "TW begun", "Note: a note").doesNotContain("cookies", "queue peak");
        assertThat(text).contains("\n  changed 0 → 1: 6.00×", "\n  evidence: client TcpExt.TWRecycled");
    }

    @Test
    void theJsonHasCellsAndKnobsAndWhatWasThereBefore() {
        Tuning tuning =
                Tuning.of(List.of(cell(REUSE, "0", 100), cell(REUSE, "1", 600)), Set.of(knob(REUSE)), Set.of(), "6.18");
        String json = TuningJson.write(tuning, List.of(), new Leftovers(7, 0, 0, 1.5, 2));
        assertThat(json).contains("\"readBack\"", "\"tookEffect\" : true", "\"timeWait\" : 7", "\"load\" : 1.5");
    }
}
