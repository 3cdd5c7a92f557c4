package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sentence on top of a comparison. */
@Timeout(30)
class SentenceTest {

    private static Contender contender(String name, Map<ComparedFigure, Double> figures) {
        List<Map<ComparedFigure, Double>> rounds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Map<ComparedFigure, Double> round = new EnumMap<>(figures);
            double noise = 1 + 0.001 * i;
            round.replaceAll((_, value) -> value * noise);
            rounds.add(round);
        }
        return new Contender(name, rounds);
    }

    private static final Contender SHORT = contender(
            "short",
            Map.of(
                    ComparedFigure.WORK_PER_CPU, 1_000.0,
                    ComparedFigure.CONNECT_TEARDOWN, 0.61,
                    ComparedFigure.CLIENT_TIME_WAIT, 28_000.0,
                    ComparedFigure.SERVER_TIME_WAIT, 0.0));

    private static final Contender KEPT = contender(
            "keepalive",
            Map.of(
                    ComparedFigure.WORK_PER_CPU, 7_900.0,
                    ComparedFigure.CONNECT_TEARDOWN, 0.004,
                    ComparedFigure.CLIENT_TIME_WAIT, 0.0,
                    ComparedFigure.SERVER_TIME_WAIT, 300.0));

    @Test
    void theCheaperOneIsNamedFirstWithWhatTheOtherPaidAndLeft() {
        assertThat(Comparison.of(List.of(SHORT, KEPT)).sentence())
                .startsWith("keepalive served 7.90× the exchanges per CPU second [7.8")
                .contains("of short; short spent 61% of its time in connect and teardown (keepalive under 1%)")
                .contains("and left 28,070 TIME_WAITs on the client (keepalive 301 on the server)")
                .endsWith("(4 of 4 figures differ by more than noise).");
    }

    @Test
    void theOrderOfTheContendersDoesNotMatter() {
        assertThat(Comparison.of(List.of(KEPT, SHORT)).sentence())
                .startsWith("keepalive served 7.90× the exchanges per CPU second [7.8")
                .contains("short spent 61%", "28,070 TIME_WAITs on the client");
    }

    @Test
    void withoutADifferenceInCpuTheOtherFiguresSpeak() {
        Contender slow = contender("slow", Map.of(ComparedFigure.CONNECTIONS, 100.0));
        Contender fast = contender("fast", Map.of(ComparedFigure.CONNECTIONS, 300.0));
        assertThat(Comparison.of(List.of(slow, fast)).sentence())
                .startsWith("fast against slow: 3.00× the connections/s [");
    }

    @Test
    void equalContendersDifferInNothingAndTheMethodIsTold() {
        Comparison same = Comparison.of(List.of(SHORT, new Contender("again", SHORT.rounds())));
        assertThat(same.sentence()).isEqualTo("No difference between short and again in any of 4 figures.");
        assertThat(ComparisonText.render(same, List.of())).contains("corrected for all 4 figures");
    }

    @Test
    void thePageHoldsTheSentenceTheTableAndEachRound() throws Exception {
        String page = ComparisonHtml.of(
                Comparison.of(List.of(SHORT, KEPT)),
                List.of("a <note>"),
                Map.of("short", List.of(java.nio.file.Path.of("x", "short-1"))));
        assertThat(page)
                .contains("keepalive served 7.90×", "a &lt;note&gt;", "href=\"short-1/report.html\"", "Round by round")
                .doesNotContain("http://", "<note>");
    }
}
