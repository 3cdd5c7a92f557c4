package io.tcplab.loadgen.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.HostFacts;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(200)
class LabIT {

    private interface Play {
        Finding run(Stage lab) throws Exception;
    }

    private record Played(Card card, Play play) implements Experiment {
        @Override
        public Finding run(Stage lab) throws Exception {
            return play.run(lab);
        }
    }

    @BeforeAll
    static void needsNamespaces() {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        assumeThat(UserNamespace.obstacle()).isEmpty();
    }

    private static LabResult play(Play play) {
        return play(Need.NAMESPACES, play);
    }

    private static LabResult play(Need need, Play play) {
        Card card = Card.of("X1", "made for a test").needs(need);
        return run(List.of(new Played(card, play)), Optional.empty()).getFirst();
    }

    private static List<LabResult> run(List<Experiment> experiments, Optional<String> obstacle) {
        return new LabRunner(obstacle, 6, _ -> {}).run(experiments, 1);
    }

    private static void needsProgram(String name) {
        assumeThat(Programs.find(name)).as("the program " + name).isPresent();
    }

    @Test
    void theKernelsOwnTraceAgreesWithTheStatesThatTheLabSees() {
        needsProgram("bpftrace");
        LabResult result = run(List.of(Experiments.byId("S12").orElseThrow()), Optional.empty())
                .getFirst();
        assumeThat(result.reason()).as("bpftrace works here").doesNotContain("cannot be read here");
        assertThat(result.word()).as(result.reason()).isEqualTo("refuted");
        assertThat(result.reason()).contains("SYN_SENT → ESTABLISHED → FIN_WAIT1 → FIN_WAIT2 → CLOSE");
        assertThat(result.evidence().states())
                .extracting(Evidence.SeenState::state)
                .contains("ESTABLISHED", "TIME_WAIT");
    }

    @Test
    void ssSeesTheStatesThatTheLabHolds() {
        needsProgram("ss");
        assertThat(play(lab -> {
                    Stage.Connection connection = lab.connected();
                    connection.client().shutdownWrite();
                    lab.expect(connection.client(), TcpState.FIN_WAIT2);
                    lab.expect(connection.server(), TcpState.CLOSE_WAIT);
                    String client = lab.client().tool("", "ss", "-tanH");
                    String server = lab.server().tool("", "ss", "-tanH");
                    connection.server().close();
                    connection.client().readAll();
                    connection.client().close();
                    lab.expect(connection.client(), TcpState.TIME_WAIT);
                    String after = lab.client().tool("", "ss", "-tanH");
                    boolean seen = client.startsWith("FIN-WAIT-2")
                            && server.contains("CLOSE-WAIT")
                            && after.startsWith("TIME-WAIT");
                    return Finding.holdsIf(seen, client + "|" + server + "|" + after);
                }))
                .satisfies(
                        result -> assertThat(result.word()).as(result.reason()).isEqualTo("holds"));
    }

    @Test
    void nstatCountsWhatTheLabCounts() {
        needsProgram("nstat");
        assertThat(play(lab -> {
                    Stage.Connection connection = lab.connected();
                    connection.client().linger(0);
                    connection.client().close();
                    lab.expectDelta(lab.client(), KernelCounter.ABORTS_ON_DATA, 1);
                    String said = lab.client().tool("", "nstat", "-asz", "TcpExtTCPAbortOnData", "TcpOutRsts");
                    boolean alike = said.matches("(?s).*TcpOutRsts +1 .*TcpExtTCPAbortOnData +1 .*");
                    return Finding.holdsIf(alike, said);
                }))
                .satisfies(
                        result -> assertThat(result.word()).as(result.reason()).isEqualTo("holds"));
    }

    @Test
    void whatTheCableLosesIsMarkedOnThePageAndArrivesWhenItIsSentAgain() {
        LabResult result = play(Need.CABLE, lab -> {
            Stage.Connection connection = lab.connected();
            try (Hold hold = lab.server().hold(SegmentKind.FIN)) {
                connection.client().shutdownWrite();
                lab.expect(lab.comes(() -> hold.lost() > 0, 4000), "the FIN is lost");
                lab.expect(connection.server(), TcpState.ESTABLISHED);
            }
            lab.expect(connection.server(), TcpState.CLOSE_WAIT);
            return Finding.holds("it arrived");
        });
        assertThat(result.word()).as(result.reason()).isEqualTo("holds");
        List<String> fins = result.evidence().segments().stream()
                .filter(line -> line.contains("FIN"))
                .toList();
        assertThat(fins.getFirst()).endsWith("▶ server  ✗ lost");
        assertThat(fins.getLast()).endsWith("▶ server");
    }

    @Test
    void whatWasSentBeforeAHoldArrives() {
        LabResult result = play(Need.CABLE, lab -> {
            Stage.Connection connection = lab.connected();
            for (int i = 0; i < 20; i++) {
                connection.client().send(1);
                try (Hold _ = lab.server().holdEverything()) {
                    // Were it lost, each repetition would be as well.
                    lab.expect(connection.server().read().ok(), "byte " + i + " arrives");
                }
            }
            return Finding.holds("every byte arrived");
        });
        assertThat(result.word()).as(result.reason()).isEqualTo("holds");
    }

    @Test
    void sabotagedExpectationFailsLoudly() {
        LabResult result = play(lab -> {
            lab.connected();
            lab.expectDelta(lab.client(), KernelCounter.ABORTS_ON_DATA, 1);
            return Finding.holds("never");
        });
        assertThat(result.passed()).isFalse();
        assertThat(result.word()).isEqualTo("FAILED");
        assertThat(result.reason()).contains("TCPAbortOnData").contains("expected 1");
        assertThat(LabJunit.of(List.of(result))).contains("failures=\"1\"").contains("<failure");
        assertThat(LabText.page(result)).contains("client: connects");
    }

    @Test
    void sysctlThatIsNotTakenFailsLoudly() {
        LabResult result = play(lab -> {
            lab.server().sysctl("net.ipv4.tcp_synack_retries", 256);
            return Finding.holds("never");
        });
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).contains("tcp_synack_retries");
    }

    @Test
    void experimentThatHangsIsEnded() {
        Card card = new Card("X1", "hangs", "", List.of(), Set.of(), "", "", "", 1, false);
        LabResult result = run(
                        List.of(new Played(card, lab -> {
                            lab.pause(60_000);
                            return Finding.holds("never");
                        })),
                        Optional.empty())
                .getFirst();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).contains("longer than 1 s");
    }

    @Test
    void theWholeCatalogueAnswersAsThisKernelIsKnownTo() {
        List<LabResult> results = run(Experiments.all(false), Optional.empty());
        assertThat(results).hasSameSizeAs(Experiments.all(false));
        assertThat(results)
                .allSatisfy(each -> assertThat(each.passed())
                        .as(each.card().id() + ": " + each.reason())
                        .isTrue());
        if (HostFacts.read().kernelRelease().startsWith(Claims.KNOWN_ON + ".")) {
            assertThat(Claims.answers(results).stream()
                            .filter(Claims.Answer::differs)
                            .filter(each -> each.here() != Verdict.UNTESTABLE))
                    .isEmpty();
        }
    }

    @Test
    void withoutNamespacesWhatNeedsNoneStillRuns() {
        List<Experiment> some = List.of(
                Experiments.byId("C3").orElseThrow(),
                Experiments.byId("C7").orElseThrow(),
                Experiments.byId("C12").orElseThrow());
        List<LabResult> results = run(some, Optional.of("No namespaces here; run as root."));
        assertThat(results).extracting(LabResult::word).containsExactly("holds", "holds", "untestable");
        assertThat(results.getLast().reason()).isEqualTo("No namespaces here; run as root.");
    }

    @Test
    void ordinaryUserGetsTheSameVerdicts() throws Exception {
        Path jar = Path.of("target", "tcplab-loadgen.jar").toAbsolutePath();
        assumeThat(Files.exists(jar)).as("the packaged program").isTrue();
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.toString(),
                        "lab",
                        "run",
                        "C1",
                        "C7",
                        "T22",
                        "S3",
                        "S9")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assumeThat(said).as("the directory must be readable to anyone").doesNotContain("Unable to access jarfile");
        assumeThat(said).doesNotContain("cannot be created here");
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said)
                .contains("5 experiments")
                .contains("4 holds, 1 refuted")
                .doesNotContain("FAILED");
    }
}
