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
                    ComparedFigure.CPU, 790.0,
                    ComparedFigure.CONNECT_TEARDOWN, 0.61,
                    ComparedFigure.CLIENT_TIME_WAIT, 28_000.0,
                    ComparedFigure.SERVER_TIME_WAIT, 0.0));

    private static final Contender KEPT = contender(
            "keepalive",
            Map.of(
                    ComparedFigure.CPU, 100.0,
                    ComparedFigure.CONNECT_TEARDOWN, 0.004,
                    ComparedFigure.CLIENT_TIME_WAIT, 0.0,
                    ComparedFigure.SERVER_TIME_WAIT, 300.0));

    @Test
    void theWorseOneIsNamedFirstWithWhatItPaidAndLeft() {
        assertThat(Comparison.of(List.of(SHORT, KEPT)).sentence())
                .isEqualTo(
                        "short is 7.9 times more expensive than keepalive in CPU per exchange (95%: 7.9 to 7.9), 6 rounds."
                                + " short spent 61% of its time in connect and teardown (keepalive under 1%)"
                                + " and left 28,070 TIME_WAITs on the client (keepalive 301 on the server).");
    }

    @Test
    void theOrderOfTheContendersDoesNotMatter() {
        assertThat(Comparison.of(List.of(KEPT, SHORT)).sentence())
                .startsWith("short is 7.9 times more expensive than keepalive in CPU per exchange")
                .contains("short spent 61%", "28,070 TIME_WAITs on the client");
    }

    @Test
    void theLargestPrimaryDifferenceLeadsAndTimeWaitsNever() {
        Contender nginx = contender(
                "nginx",
                Map.of(
                        ComparedFigure.EXCHANGES, 1000.0,
                        ComparedFigure.RESPONSE_P50, 100.0,
                        ComparedFigure.RESPONSE_P99, 900.0,
                        ComparedFigure.CLIENT_TIME_WAIT, 10.0));
        Contender haproxy = contender(
                "haproxy→nginx",
                Map.of(
                        ComparedFigure.EXCHANGES, 900.0,
                        ComparedFigure.RESPONSE_P50, 290.0,
                        ComparedFigure.RESPONSE_P99, 905.0,
                        ComparedFigure.CLIENT_TIME_WAIT, 10_000.0));
        assertThat(Comparison.of(List.of(nginx, haproxy)).sentence())
                .isEqualTo("haproxy→nginx is 2.9 times slower than nginx in response p50 (95%: 2.9 to 2.9), 6 rounds;"
                        + " 11% slower in exchanges/s (95%: 11% to 11%).");
    }

    @Test
    void errorsThatOnlyOneHasLead() {
        Contender good = contender("good", Map.of(ComparedFigure.EXCHANGES, 100.0, ComparedFigure.ERRORS, 0.0));
        Contender bad = contender("bad", Map.of(ComparedFigure.EXCHANGES, 100.0, ComparedFigure.ERRORS, 40.0));
        assertThat(Comparison.of(List.of(good, bad)).sentence())
                .isEqualTo("bad has 40.1 errors a round, good 0, 6 rounds.");
    }

    /** Of two servers, the one that answers nothing is slower by no number. */
    @Test
    void nothingAtAllIsMuchSlower() {
        Contender alive = contender("alive", Map.of(ComparedFigure.EXCHANGES, 100.0));
        Contender dead = contender("dead", Map.of(ComparedFigure.EXCHANGES, 0.0));
        assertThat(List.of(Comparison.of(List.of(alive, dead)), Comparison.of(List.of(dead, alive))))
                .extracting(Comparison::sentence)
                .containsOnly("dead is much slower than alive in exchanges/s, 6 rounds.");
    }

    @Test
    void withoutExchangesConnectionsStandIn() {
        Contender slow = contender("slow", Map.of(ComparedFigure.CONNECTIONS, 100.0, ComparedFigure.EXCHANGES, 0.0));
        Contender fast = contender("fast", Map.of(ComparedFigure.CONNECTIONS, 300.0, ComparedFigure.EXCHANGES, 0.0));
        assertThat(Comparison.of(List.of(slow, fast)).sentence())
                .startsWith("slow is 3.0 times slower than fast in connections/s (95%: 3.0 to 3.0), 6 rounds.");
    }

    @Test
    void equalContendersHaveNoDifferenceLargerThanTheIntervalLeavesRoomFor() {
        Comparison same = Comparison.of(List.of(SHORT, new Contender("again", SHORT.rounds())));
        assertThat(same.sentence()).isEqualTo("No difference between short and again in CPU per exchange, 6 rounds.");
        assertThat(ComparisonText.render(same, List.of(), List.of())).contains("corrected for the 1 primary figure");
    }

    @Test
    void aSmallDifferenceThatIsNotFoundIsBounded() {
        Contender a = new Contender("a", rounds(ComparedFigure.EXCHANGES, 100, 101, 99, 100, 102, 98));
        Contender b = new Contender("b", rounds(ComparedFigure.EXCHANGES, 101, 99, 100, 102, 98, 101));
        assertThat(Comparison.of(List.of(a, b)).sentence())
                .matches("No difference larger than [2-4]\\.\\d% between a and b in exchanges/s, 6 rounds\\.");
    }

    @Test
    void tooFewRoundsForTheNoiseSayHowManyMore() {
        Contender a = new Contender("a", rounds(ComparedFigure.RESPONSE_P99, 100, 300, 150, 90, 500, 120));
        Contender b = new Contender("b", rounds(ComparedFigure.RESPONSE_P99, 200, 110, 400, 130, 100, 250));
        Comparison comparison = Comparison.of(List.of(a, b));
        assertThat(comparison.sentence())
                .matches(
                        "Cannot tell yet whether a and b differ: [\\d,]+ more rounds for response p99, after 6 rounds\\.");
        assertThat(comparison.decided()).isFalse();
    }

    /** What the sentence leaves open, the table does not answer: not even of figures that are the same in the few rounds there are. */
    @Test
    void withOneRoundTheTableCannotTellEither() {
        Map<ComparedFigure, Double> round = Map.of(ComparedFigure.EXCHANGES, 100.0, ComparedFigure.ERRORS, 0.0);
        Comparison comparison =
                Comparison.of(List.of(new Contender("a", List.of(round)), new Contender("b", List.of(round))));
        assertThat(comparison.sentence())
                .startsWith("Cannot tell yet: with 1 round each")
                .contains("at least 5 times");
        assertThat(comparison.differences()).allSatisfy(each -> {
            assertThat(each.answer()).isEqualTo(Difference.Answer.CANNOT_TELL);
            assertThat(each.moreRounds()).isEqualTo(4);
        });
        assertThat(ComparisonText.tables(comparison).getFirst())
                .extracting(List::getLast)
                .containsExactly("difference", "cannot tell yet: 4 more", "cannot tell yet: 4 more");
    }

    private static List<Map<ComparedFigure, Double>> rounds(ComparedFigure figure, double... values) {
        return java.util.Arrays.stream(values)
                .mapToObj(value -> Map.of(figure, value))
                .toList();
    }

    @Test
    void thePageHoldsTheSentenceTheTableAndEachRound() throws Exception {
        String page = ComparisonHtml.of(
                Comparison.of(List.of(SHORT, KEPT)),
                List.of(),
                List.of("a <note>"),
                Map.of("short", List.of(java.nio.file.Path.of("x", "short-1"))));
        assertThat(page)
                .contains(
                        "short is 7.9 times more expensive",
                        "Figures that decide",
                        "a &lt;note&gt;",
                        "href=\"short-1/report.html\"",
                        "Round by round")
                .doesNotContain("http://", "<note>");
    }
}
