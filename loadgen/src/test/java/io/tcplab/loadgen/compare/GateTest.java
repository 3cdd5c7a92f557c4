package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.LatencyLog;
import io.tcplab.loadgen.watch.SideSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        assertThat(GateMarkdown.of(List.of(gate))).contains("### tcplab: got worse", "❌", "| 0 | 1 |");
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
