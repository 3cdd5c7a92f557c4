package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.LatencyLog;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gate that a build passes against itself, and that one extra RST for each connection does not pass. */
@Timeout(60)
class GateTest {

    private static final long CONNECTIONS = 1_000;

    private static Environment environment(String kernel, long clientNamespace, long serverNamespace) {
        return new Environment(
                "1",
                kernel,
                "cpu",
                2,
                "25",
                "4.2",
                "epoll",
                null,
                null,
                "netns",
                side(clientNamespace),
                side(serverNamespace),
                List.of());
    }

    private static SideSettings side(long namespace) {
        return new SideSettings("host", namespace, Map.of(), Map.of("net.core.somaxconn", "4096"), Map.of());
    }

    private static FinishedRun run(Environment environment, Specimens.Round round) {
        return new FinishedRun(Path.of("run"), round.summary(), "", environment, new LatencyLog(new LinkedHashMap<>()));
    }

    /** A round of a sound program: six segments for each connection, a TIME_WAIT on the client. */
    private static Specimens.Round sound() {
        return Specimens.round()
                .ended(ConnectionOutcome.COMPLETED, CONNECTIONS)
                .client("Tcp.ActiveOpens", CONNECTIONS)
                .client("Tcp.OutSegs", 6 * CONNECTIONS)
                .client("TcpExt.TW", CONNECTIONS)
                .server("Tcp.OutSegs", 4 * CONNECTIONS);
    }

    private static SavedRounds rounds(String name, int number, Consumer<Specimens.Round> change) {
        return new SavedRounds(
                name,
                IntStream.range(0, number)
                        .mapToObj(_ -> {
                            Specimens.Round round = sound();
                            change.accept(round);
                            return run(environment("6.18", 1, 2), round);
                        })
                        .toList());
    }

    private static Gate gate(SavedRounds base, SavedRounds now) {
        return Gate.of(new SavedRounds.Pair(base, now), 0.1);
    }

    private static GateRow row(Gate gate, String key) {
        return gate.rows().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneExtraRstForEachConnectionIsFoundInOneRoundOfEach() {
        Gate gate = gate(
                rounds("before", 1, _ -> {}), rounds("after", 1, round -> round.server("Tcp.OutRsts", CONNECTIONS)));
        assertThat(gate.worse()).isTrue();
        assertThat(row(gate, "serverRsts").verdict()).isEqualTo(GateRow.Verdict.WORSE);
        assertThat(GateText.sentence(gate))
                .startsWith("Worse from before to after: RSTs sent by the server per connection 0 → 1 (limit ");
        assertThat(GateMarkdown.of(List.of(gate), List.of())).contains("### tcplab: got worse", "❌", "| 0 | 1 |");
        assertThat(GateJunit.of(List.of(gate))).contains("failures=\"1\"", "<failure message=\"0 → 1, limit");
        assertThat(GateJson.of(List.of(gate), List.of(), List.of()))
                .contains("\"passed\" : false", "\"verdict\" : \"worse\"");
    }

    @Test
    void fewerTimeWaitsAreBetterAndDoNotFailTheGate() {
        Gate gate = gate(rounds("before", 1, _ -> {}), rounds("after", 1, round -> round.client("TcpExt.TW", 0)));
        assertThat(row(gate, "clientTimeWaits").verdict()).isEqualTo(GateRow.Verdict.BETTER);
        assertThat(gate.worse()).isFalse();
    }

    @Test
    void anExtraSegmentAnErrorAndARetransmitAreFound() {
        assertThat(row(
                                gate(
                                        rounds("a", 1, _ -> {}),
                                        rounds("b", 1, round -> round.client("Tcp.OutSegs", 7 * CONNECTIONS))),
                                "clientSegments")
                        .verdict())
                .isEqualTo(GateRow.Verdict.WORSE);
        assertThat(row(
                                gate(
                                        rounds("a", 1, _ -> {}),
                                        rounds("b", 1, round -> round.ended(ConnectionOutcome.RESET, 30))),
                                "errors")
                        .verdict())
                .isEqualTo(GateRow.Verdict.WORSE);
        assertThat(row(
                                gate(
                                        rounds("a", 1, _ -> {}),
                                        rounds("b", 1, round -> round.client("Tcp.RetransSegs", CONNECTIONS / 5))),
                                "clientRetransmits")
                        .verdict())
                .isEqualTo(GateRow.Verdict.WORSE);
    }

    @Test
    void timesAreNotJudgedWithFourRoundsOrOnAnotherKernel() {
        Gate few = gate(rounds("a", 4, round -> round.response(100)), rounds("b", 4, round -> round.response(1000)));
        assertThat(few.worse()).isFalse();
        assertThat(row(few, "responseP50Micros").reason()).isEqualTo("rounds: 4 and 4; 5 on each side are needed");

        List<FinishedRun> other = IntStream.range(0, 5)
                .mapToObj(_ -> run(environment("6.12", 1, 2), sound().response(1000)))
                .toList();
        Gate elsewhere = gate(rounds("a", 5, round -> round.response(100)), new SavedRounds("b", other));
        assertThat(elsewhere.worse()).isFalse();
        assertThat(row(elsewhere, "responseP50Micros").reason())
                .isEqualTo("the environments differ (kernel: 6.18 → 6.12)");
    }

    @Test
    void ofTwoSidesInOneNamespaceTheCountersAreSaidToBeOfBoth() {
        List<FinishedRun> shared = List.of(run(environment("6.18", 1, 1), sound()));
        Gate gate = gate(new SavedRounds("a", shared), new SavedRounds("b", shared));
        assertThat(row(gate, "clientRsts").label()).isEqualTo("RSTs sent by both sides per connection");
        assertThat(gate.rows()).extracting(GateRow::key).doesNotContain("serverRsts");
    }

    @Test
    void countersWithOtherTrafficAreNotJudged() {
        Gate gate = gate(
                rounds("a", 1, _ -> {}), rounds("b", 1, round -> round.client("Tcp.ActiveOpens", 2 * CONNECTIONS)));
        assertThat(row(gate, "clientRsts").verdict()).isEqualTo(GateRow.Verdict.CANNOT_TELL);
        assertThat(row(gate, "errors").verdict()).isEqualTo(GateRow.Verdict.SAME);
    }

    /** A signal resets the connections that are open: they are no RSTs of the program's. */
    @Test
    void anInterruptedRoundIsLeftOut() {
        List<FinishedRun> now = List.of(
                run(environment("6.18", 1, 2), sound()),
                run(
                        environment("6.18", 1, 2),
                        sound().client("Tcp.OutRsts", 100).interrupted()));
        Gate gate = gate(rounds("before", 1, _ -> {}), new SavedRounds("after", now));
        assertThat(gate.rounds()).containsExactly(1, 1);
        assertThat(gate.worse()).isFalse();
        Gate none = gate(rounds("before", 1, _ -> {}), new SavedRounds("after", now.subList(1, 2)));
        assertThat(none.believed()).isFalse();
        assertThat(none.worse()).isFalse();
    }

    @Test
    void aCommentDoesNotPassWhatCouldNotBeJudged() {
        Gate gate = gate(rounds("before", 1, Specimens.Round::notValid), rounds("after", 1, Specimens.Round::notValid));
        Gate none = new Gate(
                gate.base(),
                gate.now(),
                gate.rounds(),
                gate.rows().stream().map(row -> row.unjudged("no reason")).toList(),
                List.of(),
                true);
        assertThat(GateMarkdown.of(List.of(none), List.of()))
                .startsWith("### tcplab: cannot tell\n\n❔ Nothing could be judged");
        assertThat(GateMarkdown.of(List.of(gate), List.of())).startsWith("### tcplab: nothing got worse\n\n❔ ");
    }

    @Test
    void aNameIsNoMarkupAndNoControlCharacter() {
        Gate gate = gate(rounds("a_b [x](y)", 1, _ -> {}), rounds("*c*|<i>\u0001", 1, _ -> {}));
        assertThat(GateMarkdown.of(List.of(gate), List.of("only _d_ is new")))
                .contains("a_b \\[x\\](y)", "\\*c\\*\\|&lt;i>\\\\u0001", "Note: only \\_d\\_ is new");
        assertThat(GateJunit.of(List.of(gate)))
                .contains("classname=\"tcplab.gate.*c*|&lt;i&gt;\\u0001\"")
                .doesNotContain("\u0001");
    }

    private static Path saved(Path directory, String profile) throws IOException {
        ResultsDirectory results = ResultsDirectory.at(directory);
        Summary summary = sound().summary();
        Head head = Head.of(profile, null, summary.startedAt(), 1, 23);
        results.write(
                ResultsDirectory.SUMMARY,
                JsonText.of(new Summary(head, summary.verdict(), summary.measured(), summary.observed(), false)));
        return directory;
    }

    private static List<String> names(SavedRounds.Matched matched) {
        return matched.pairs().stream()
                .map(each -> each.base().name() + " and " + each.now().name())
                .toList();
    }

    @Test
    void whatHasNoCounterpartIsNamed(@TempDir Path home) throws Exception {
        Path before = home.resolve("before");
        Path after = home.resolve("after");
        saved(before.resolve("a"), "short");
        saved(before.resolve("b"), "long");
        saved(after.resolve("a"), "short");
        saved(after.resolve("c"), "held");
        SavedRounds.Matched matched = SavedRounds.match(List.of(after), List.of(before));
        assertThat(names(matched)).containsExactly("short (baseline) and short");
        assertThat(matched.leftOut())
                .containsExactly(
                        "only the baseline has a result of long: it is not compared.",
                        "the baseline has no result of held: it is not compared.");
    }

    @Test
    void resultsOfOneNameAreToldApartByWhereTheyLie(@TempDir Path home) throws Exception {
        Path before = saved(home.resolve("before/short"), "short");
        Path after = saved(home.resolve("after/short"), "short");
        assertThat(names(SavedRounds.match(List.of(before, after), List.of())))
                .containsExactly("before/short and after/short");
        assertThat(names(SavedRounds.match(List.of(before, before), List.of())))
                .containsExactly("short (baseline) and short");
    }

    private static SavedRounds resets(long... each) {
        return new SavedRounds(
                "after",
                LongStream.of(each)
                        .mapToObj(
                                count -> run(environment("6.18", 1, 2), sound().ended(ConnectionOutcome.RESET, count)))
                        .toList());
    }

    /** The rounds differ by more than their mean: they are all worse nevertheless. */
    @Test
    void errorsInMostRoundsAreFoundHoweverUnevenTheyAre() {
        SavedRounds before = rounds("before", 2, _ -> {});
        GateRow both = row(gate(before, resets(100, 1_500)), "errors");
        assertThat(both.verdict()).isEqualTo(GateRow.Verdict.WORSE);
        assertThat(both.limit()).isNotNull().isLessThan(both.now());
        assertThat(row(gate(before, resets(0, 40, 0, 900, 90)), "errors").verdict())
                .isEqualTo(GateRow.Verdict.WORSE);
        assertThat(row(gate(before, resets(0, 0, 900, 0, 0)), "errors").verdict())
                .as("a machine that stalled once")
                .isEqualTo(GateRow.Verdict.SAME);
        assertThat(row(gate(resets(0, 800), resets(0, 800)), "errors").verdict())
                .isEqualTo(GateRow.Verdict.SAME);
    }

    @Test
    void aRareErrorIsNotPrintedAsNone() {
        Gate gate = gate(
                rounds("before", 1, _ -> {}), rounds("after", 1, round -> round.ended(ConnectionOutcome.RESET, 1)));
        assertThat(row(gate, "errors").verdict()).isEqualTo(GateRow.Verdict.SAME);
        assertThat(GateText.number(row(gate, "errors").now())).isEqualTo("0.001");
        assertThat(GateText.number(0.000_42)).isEqualTo("0.00042");
        assertThat(GateText.number(0.0)).isEqualTo("0");
        assertThat(GateJson.of(List.of(gate), List.of(), List.of())).contains("\"now\" : 9.99E-4");
    }

    /** By the names of their directories, rst would be what short is judged by. */
    @Test
    void theFirstContenderOfASavedComparisonIsWhatTheOthersAreJudgedBy(@TempDir Path home) throws Exception {
        for (String round : List.of("rst-1", "rst-2", "short-1", "short-2")) {
            saved(home.resolve(round), "both");
        }
        Files.writeString(
                home.resolve("compare.json"), "{\"contenders\": [{\"name\": \"short\"}, {\"name\": \"rst\"}]}");
        SavedRounds.Matched matched = SavedRounds.match(List.of(home), List.of());
        assertThat(names(matched)).containsExactly("short and rst");
        assertThat(matched.pairs().getFirst().now().rounds())
                .extracting(FinishedRun::name)
                .containsExactly("rst-1", "rst-2");
    }

    /** Groups and cells are runs of one profile under different settings: together they would be rounds of nothing. */
    @Test
    void groupsOfALeadAndCellsOfATuningAreComparedByTheirNames(@TempDir Path home) throws Exception {
        Path led = home.resolve("led");
        saved(led.resolve("plain"), "ports");
        saved(led.resolve("reuse"), "ports");
        Files.writeString(led.resolve(ResultsDirectory.GROUPS), "{}");
        assertThat(names(SavedRounds.match(List.of(led), List.of()))).containsExactly("plain and reuse");
        Path tuned = home.resolve("tuned");
        for (String round : List.of("tw_reuse=0-1", "tw_reuse=0-2", "tw_reuse=1-1", "tw_reuse=1-2")) {
            saved(tuned.resolve(round), "ports");
        }
        Files.writeString(tuned.resolve("tune.json"), "{}");
        assertThat(names(SavedRounds.match(List.of(tuned), List.of()))).containsExactly("tw_reuse=0 and tw_reuse=1");
    }

    /** Rounds of one build: counts and times as a machine's mood and stalls make them. */
    private static SavedRounds noisy(String name, SplittableRandom random, double noise, DoubleUnaryOperator cost) {
        List<FinishedRun> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            double stall = random.nextInt(10) == 0 ? 2 : 1;
            Specimens.Round round = sound().server("Tcp.OutSegs", 4 * CONNECTIONS + random.nextInt(100))
                    .client("Tcp.RetransSegs", random.nextInt(20))
                    .response(cost.applyAsDouble(100 * stall * Math.exp(noise * random.nextGaussian())));
            runs.add(run(environment("6.18", 1, 2), round));
        }
        return new SavedRounds(name, runs);
    }

    @Test
    void aBuildPassesAgainstItself() {
        SplittableRandom random = new SplittableRandom(41);
        int alarms = 0;
        for (int i = 0; i < 1_000; i++) {
            double noise = i % 2 == 0 ? 0.05 : 0.3;
            alarms += gate(noisy("a", random, noise, each -> each), noisy("b", random, noise, each -> each))
                            .worse()
                    ? 1
                    : 0;
        }
        assertThat(alarms).as("20 gates have no alarm in 49 of 50 cases").isLessThanOrEqualTo(1);
    }

    @Test
    void twiceTheResponseTimeIsFoundInFiveRoundsOfEach() {
        Gate gate = gate(rounds("a", 5, round -> round.response(100)), rounds("b", 5, round -> round.response(200)));
        assertThat(row(gate, "responseP50Micros").verdict()).isEqualTo(GateRow.Verdict.WORSE);
        assertThat(row(gate, "responseP50Micros").limit()).isBetween(109.0, 111.0);
    }
}
