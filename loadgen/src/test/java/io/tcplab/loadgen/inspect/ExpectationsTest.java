package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.inspect.Expectations.Compared;
import io.tcplab.loadgen.run.BadUsage;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectationsTest {

    @TempDir
    private Path home;

    private static CheckResult found(String id, Finding finding) {
        CheckCard card = Catalogue.chosen(List.of(id)).getLast().card();
        return new CheckResult(card, finding, List.of(), List.of(), Map.of(), Map.of(), 0.1);
    }

    private static CheckResult closed(double seconds, Map<String, Long> figures) {
        CheckCard card = Catalogue.chosen(List.of("I1")).getLast().card();
        return new CheckResult(
                card,
                Finding.asExpected("closed by FIN", ""),
                List.of(),
                List.of(),
                Map.of("closedAfterSeconds", seconds),
                figures,
                0.1);
    }

    private Expectations expectations(String text) throws Exception {
        Path file = home.resolve("expect.yaml");
        Files.writeString(file, text);
        return Expectations.read(file);
    }

    @Test
    void aVerdictAnObservationOrBothAreCompared() throws Exception {
        Expectations expected = expectations(
                "I1: asExpected\nC3: {observed: silence}\nS3: {verdict: harmful, observed: some are dropped}\n");
        List<CheckResult> results = List.of(
                found("C3", Finding.asExpected("answers", "")),
                found("I1", Finding.asExpected("closed by FIN", "")),
                found("S3", Finding.harmful("some are dropped", "", "")));
        assertThat(expected.compare(results, true))
                .containsExactly(
                        new Compared("I1", "asExpected", "asExpected", true),
                        new Compared("C3", "silence", "answers", false),
                        new Compared("S3", "harmful: some are dropped", "harmful: some are dropped", true));
    }

    @Test
    void theJsonOfAnInspectionIsReadAsExpectations() throws Exception {
        Expectations expected =
                expectations("{\"checks\": [{\"id\": \"I1\", \"verdict\": \"unusual\", \"observed\": \"reset\"}]}");
        assertThat(expected.compare(List.of(found("I1", Finding.unusual("reset", "", ""))), true))
                .allMatch(Compared::met);
        assertThat(expected.compare(List.of(found("I1", Finding.asExpected("closed by FIN", ""))), true))
                .noneMatch(Compared::met);
    }

    /** A timeout is a setting: it may be seen a little late, and not be another one. */
    @Test
    void timesAndCountsThatAreSetAreCompared() throws Exception {
        Expectations expected =
                expectations("I1: {observed: closed by FIN, closedAfterSeconds: 5.0, announcedSeconds: 5}\n");
        assertThat(expected.compare(List.of(closed(5.6, Map.of("announcedSeconds", 5L))), true))
                .allMatch(Compared::met);
        assertThat(expected.compare(List.of(closed(5.0, Map.of("announcedSeconds", 3L))), true))
                .noneMatch(Compared::met);
        assertThat(expected.compare(List.of(closed(5.0, Map.of())), true)).noneMatch(Compared::met);
        assertThat(expected.compare(List.of(closed(7.0, Map.of("announcedSeconds", 5L))), true))
                .containsExactly(new Compared(
                        "I1",
                        "closed by FIN, closedAfterSeconds 5, announcedSeconds 5",
                        "closed by FIN, closedAfterSeconds 7, announcedSeconds 5",
                        false));
    }

    /** A timeout of 60 s is another setting than one of 65 s. */
    @Test
    void aLongTimeIsComparedWithinATwentieth() throws Exception {
        Expectations expected = expectations("I1: {closedAfterSeconds: 65.0}\n");
        assertThat(expected.compare(List.of(closed(66.5, Map.of())), true)).allMatch(Compared::met);
        assertThat(expected.compare(List.of(closed(60.0, Map.of())), true)).noneMatch(Compared::met);
    }

    @Test
    void whereNoTimeWasSeenItIsSaidWhatWas() throws Exception {
        assertThat(expectations("I1: {closedAfterSeconds: 5.0}\n")
                        .compare(List.of(found("I1", Finding.notObserved("stays open", ""))), true))
                .containsExactly(new Compared("I1", "closedAfterSeconds 5", "stays open", false));
    }

    @Test
    void theTimeOfAServerThatLooksAtIntervalsIsNotCompared() throws Exception {
        Map<String, Long> together = Map.of(Expectations.ENDS_TOGETHER, 1L);
        assertThat(expectations("I1: {closedAfterSeconds: 5.0}\n").compare(List.of(closed(11.0, together)), true))
                .allMatch(Compared::met);
        assertThat(expectations("""
                                {"checks": [{"id": "I1", "verdict": "asExpected", "times": {"closedAfterSeconds": 5.0},
                                 "evidence": {"figures": {"endsTogether": 1}}}]}
                                """).compare(List.of(closed(11.0, Map.of())), true))
                .allMatch(Compared::met);
    }

    @Test
    void theJsonOfAnInspectionHasTheSettingsToo() throws Exception {
        Expectations expected = expectations("""
                {"checks": [{"id": "I1", "verdict": "asExpected", "observed": "closed by FIN", "title": "x",
                 "times": {"closedAfterSeconds": 5.0004}, "evidence": {"figures": {"other": 1}, "lines": []}}]}
                """);
        assertThat(expected.compare(List.of(closed(5.1, Map.of())), true)).allMatch(Compared::met);
        assertThat(expected.compare(List.of(closed(7.0, Map.of())), true)).noneMatch(Compared::met);
    }

    @Test
    void aCheckThatDidNotRunIsNotMetUnlessOnlySomeWereToRun() throws Exception {
        Expectations expected = expectations("I1: asExpected\n");
        assertThat(expected.compare(List.of(), true))
                .containsExactly(new Compared("I1", "asExpected", "not run", false));
        assertThat(expected.compare(List.of(), false)).isEmpty();
    }

    /** A check that was expected to run and did not is the reason of exit code 3, so JUnit's report has it. */
    @Test
    void aCheckThatDidNotRunFailsInTheReportOfJunit() throws Exception {
        Inspection inspection = new Inspection(
                Inspected.subject(new InetSocketAddress("127.0.0.1", 80), Duration.ofSeconds(1), false),
                null,
                Optional.empty(),
                null,
                List.of(found("C3", Finding.asExpected("answers", ""))),
                expectations("C3: asExpected\nT1: asExpected\n")
                        .compare(List.of(found("C3", Finding.asExpected("answers", ""))), true),
                1,
                1.0,
                null,
                null,
                List.of(),
                false);
        assertThat(InspectJunit.of(inspection))
                .contains("tests=\"2\" failures=\"1\"")
                .contains("tcplab.inspect.T1")
                .contains("found not run");
    }

    @Test
    void whatIsNoExpectationIsRefusedInOneSentence() {
        assertThatThrownBy(() -> expectations("X7: asExpected"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("X7");
        assertThatThrownBy(() -> expectations("I1: fine"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("notObserved");
        assertThatThrownBy(() -> expectations("I1: {observd: closed by FIN}"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("observd")
                .hasMessageContaining("closedAfterSeconds");
        assertThatThrownBy(() -> expectations("[1, 2"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("neither YAML nor JSON");
        assertThatThrownBy(() -> expectations("")).isInstanceOf(BadUsage.class);
    }
}
