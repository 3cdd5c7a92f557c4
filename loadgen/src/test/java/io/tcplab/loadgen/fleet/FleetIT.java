package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.HlogReader;
import io.tcplab.loadgen.result.OneGenerator;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RemoteOptions;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunSession;
import io.tcplab.loadgen.view.View;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lead and its generators, from the first that joins to the merged result, and every way to lose one. */
@Timeout(120)
class FleetIT {

    private static final String COUNTED = """
            name: counted
            duration: 20s
            connections: 400
            seed: 11
            load: {open: {rate: 1000/s}}
            mix: [{name: often, weight: 5}, {name: seldom, weight: 2, exchanges: 2}]
            target: "%s"
            """;

    private static final String LONG = """
            name: long
            duration: %s
            load: {open: {rate: 100/s}}
            mix: [{name: short}]
            target: "%s"
            """;

    @TempDir
    private Path home;

    private Companion companion;
    private Fleet fleet;

    @BeforeEach
    void begin() throws Exception {
        companion = Companion.start(CompanionSettings.DEFAULTS);
        fleet = new Fleet(home);
    }

    @AfterEach
    void end() {
        fleet.close();
        companion.close();
    }

    private Profile profile(String yaml, Object... values) throws Exception {
        List<Object> all = new ArrayList<>(List.of(values));
        all.add(Endpoint.text(companion.address()));
        return fleet.profile(yaml.formatted(all.toArray()));
    }

    private static Summary only(List<GroupResult> results) {
        assertThat(results).hasSize(1);
        return results.getFirst().summary();
    }

    private static List<Long> startedByMember(Summary summary) {
        return summary.mixes().stream().map(mix -> mix.outcomes().started()).toList();
    }

    @Test
    void generatorsTogetherStartExactlyWhatOneWould() throws Exception {
        Profile profile = profile(COUNTED);
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile, 3);
        List<CompletableFuture<Void>> generators = List.of(fleet.join(), fleet.join(), fleet.join());
        Summary merged = only(lead.get(60, TimeUnit.SECONDS));
        for (CompletableFuture<Void> each : generators) {
            each.get(20, TimeUnit.SECONDS);
        }
        Path alone = home.resolve("alone");
        Summary one = new RunSession(
                        new RunRequest(profile, RemoteOptions.NONE, Isolation.NONE, alone, home), View.NONE)
                .run()
                .summary();
        assertThat(merged.outcomes().started()).isEqualTo(400);
        assertThat(startedByMember(merged)).isEqualTo(startedByMember(one));
        assertThat(merged.generators()).extracting(OneGenerator::started).containsExactlyInAnyOrder(134L, 133L, 133L);
        assertThat(merged.generators()).allMatch(each -> each.complete() && each.startSkewMicros() != null);
        assertThat(merged.seed()).isEqualTo(11);
        assertThat(fleet.out().resolve(ResultsDirectory.REPORT)).isNotEmptyFile();
    }

    @Test
    void theMergedPercentileIsThatOfTheConcatenatedLogs() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 2);
        fleet.join();
        fleet.join();
        Summary merged = only(lead.get(60, TimeUnit.SECONDS));
        Histogram all = LatencyRecorder.newHistogram();
        for (int number = 0; number < 2; number++) {
            Path log = fleet.out().resolve("generator-" + number).resolve(ResultsDirectory.LATENCIES);
            try (HlogReader lines = new HlogReader(log)) {
                while (lines.next()) {
                    if (lines.tag().endsWith("." + Metric.CONNECT.key())) {
                        lines.addTo(all);
                    }
                }
            }
        }
        assertThat(merged.latencies().of(Metric.CONNECT).count()).isEqualTo(all.getTotalCount());
        assertThat(merged.latencies().of(Metric.CONNECT).p99Micros())
                .isEqualTo(Summary.thousandths(all.getValueAtPercentile(99) / 1e3));
    }

    @Test
    void aKilledGeneratorCostsItsShareAndTheResultItsValidity() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(LONG, "3s"), 2);
        Process victim = fleet.start(
                "join",
                fleet.address().toString(),
                "--token-file",
                fleet.tokenFile().toString());
        CompletableFuture<Void> other = fleet.join();
        awaitSaid("start:");
        Thread.sleep(700); // it is to be killed within the load
        long killedNanos = System.nanoTime();
        victim.destroyForcibly();
        awaitSaid("lost ");
        assertThat(System.nanoTime() - killedNanos).isLessThan(TimeUnit.SECONDS.toNanos(2));
        Summary merged = only(lead.get(60, TimeUnit.SECONDS));
        other.get(20, TimeUnit.SECONDS);
        assertThat(merged.valid()).isFalse();
        assertThat(ExitCode.of(merged)).isEqualTo(ExitCode.NOT_TO_BE_BELIEVED);
        assertThat(merged.warnings()).anySatisfy(warning -> {
            assertThat(warning.code()).isEqualTo("generatorLost");
            assertThat(warning.message()).contains("process " + victim.pid()).contains("1/2 of the load");
        });
        OneGenerator lost = merged.generators().stream()
                .filter(each -> !each.complete())
                .findFirst()
                .orElseThrow();
        assertThat(lost.lost()).contains("its connection ended");
        assertThat(lost.share().of()).isEqualTo(2);
        assertThat(merged.outcomes().started()).isBetween(140L, 155L);
    }

    @Test
    void aGeneratorThatHangsIsNotWaitedFor() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(LONG, "1s"), 2);
        Process victim = fleet.start(
                "join",
                fleet.address().toString(),
                "--token-file",
                fleet.tokenFile().toString());
        fleet.join();
        awaitSaid("start:");
        signal(victim, "-STOP");
        long stoppedNanos = System.nanoTime();
        awaitSaid("has said nothing for 2 s");
        assertThat(System.nanoTime() - stoppedNanos)
                .isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(8));
        Summary merged = only(lead.get(60, TimeUnit.SECONDS));
        assertThat(merged.generators())
                .anySatisfy(each -> assertThat(each.lost()).contains("it hangs"));
        assertThat(merged.valid()).isFalse();
    }

    @Test
    void aGeneratorThatBeginsLateIsNamed() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(LONG, "3s"), 2);
        Process victim = fleet.start(
                "join",
                fleet.address().toString(),
                "--token-file",
                fleet.tokenFile().toString());
        fleet.join();
        awaitSaid("start:");
        signal(victim, "-STOP"); // the load begins 1.5 s later
        Thread.sleep(2_400);
        signal(victim, "-CONT");
        Summary merged = only(lead.get(60, TimeUnit.SECONDS));
        assertThat(merged.warnings()).anySatisfy(warning -> {
            assertThat(warning.code()).isEqualTo("generatorLate");
            assertThat(warning.message()).contains("process " + victim.pid());
        });
        assertThat(merged.generators())
                .anySatisfy(each -> assertThat(each.startSkewMicros()).isBetween(300_000.0, 20_000_000.0));
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void generatorsStopWhenTheirLeadIsKilled() throws Exception {
        int port = freePort();
        Path profile =
                Files.writeString(home.resolve("long.yaml"), LONG.formatted("60s", Endpoint.text(companion.address())));
        Process lead = fleet.start(
                "lead",
                profile.toString(),
                "--generators",
                "2",
                "--listen",
                "127.0.0.1:" + port,
                "--token-file",
                fleet.tokenFile().toString(),
                "--out",
                fleet.out().toString());
        Endpoint at = new Endpoint("127.0.0.1", port);
        CompletableFuture<Void> one = fleet.join(at, Fleet.token(), null);
        CompletableFuture<Void> other = fleet.join(at, Fleet.token(), null);
        long before = awaitMore(0);
        awaitMore(before);
        lead.destroyForcibly();
        long killedNanos = System.nanoTime();
        for (CompletableFuture<Void> each : List.of(one, other)) {
            assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(CannotRun.class)
                    .hasMessageContaining("The lead went away");
        }
        assertThat(System.nanoTime() - killedNanos).isLessThan(TimeUnit.SECONDS.toNanos(2));
        long stopped = companion.counts().accepted();
        Thread.sleep(300);
        assertThat(companion.counts().accepted()).isEqualTo(stopped);
    }

    @Test
    void strangersCannotKeepAGeneratorOut() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 1);
        Endpoint at = fleet.address();
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 1_500; i++) {
                Socket socket = new Socket(at.host(), at.port());
                strangers.add(socket);
                OutputStream out = socket.getOutputStream();
                switch (i % 4) {
                    case 0 -> out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    case 1 -> out.write(new byte[] {0, 0, 1}); // slow: the rest never comes
                    case 2 -> out.write(new byte[] {0x7f, -1, -1, -1, '{'});
                    default -> {
                        // says nothing
                    }
                }
            }
            CompletableFuture<Void> wrong = fleet.join(at, Token.of(null, "another secret"), null);
            assertThatThrownBy(() -> wrong.get(40, TimeUnit.SECONDS)).hasMessageContaining("token");
            fleet.join();
            assertThat(only(lead.get(60, TimeUnit.SECONDS)).outcomes().started())
                    .isEqualTo(400);
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    @Test
    void aGeneratorMayComeBeforeItsLeadAndOneTooManyIsTurnedAway() throws Exception {
        int port = freePort();
        Endpoint at = new Endpoint("127.0.0.1", port);
        CompletableFuture<Void> early = fleet.join(at, Fleet.token(), null);
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 1, port);
        awaitSaid("has joined");
        CompletableFuture<Void> late = fleet.join(at, Fleet.token(), null);
        assertThatThrownBy(() -> late.get(40, TimeUnit.SECONDS)).hasMessageContaining("too late");
        assertThat(only(lead.get(60, TimeUnit.SECONDS)).outcomes().started()).isEqualTo(400);
        early.get(20, TimeUnit.SECONDS);
    }

    @Test
    void eachGroupGeneratesTheWholeLoadAndIsCompared() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 3, "base", "reuse");
        Endpoint at = fleet.address();
        CompletableFuture<Void> nobodys = fleet.join(at, Fleet.token(), "other");
        assertThatThrownBy(() -> nobodys.get(40, TimeUnit.SECONDS)).hasMessageContaining("base, reuse");
        fleet.join(at, Fleet.token(), "reuse");
        fleet.join(at, Fleet.token(), "base");
        fleet.join(at, Fleet.token(), "base");
        List<GroupResult> results = lead.get(60, TimeUnit.SECONDS);
        assertThat(results).extracting(GroupResult::name).containsExactly("base", "reuse");
        assertThat(results).allMatch(each -> each.summary().outcomes().started() == 400);
        assertThat(fleet.out().resolve(ResultsDirectory.GROUPS)).isNotEmptyFile();
        assertThat(fleet.out().resolve(ResultsDirectory.REPORT)).isNotEmptyFile();
        assertThat(fleet.out().resolve("base/generator-1/summary.json")).isNotEmptyFile();
    }

    @Test
    void aLeadWhoseResultWouldHaveNoPlaceWaitsForNobody() throws Exception {
        Files.createDirectories(fleet.out());
        Files.writeString(fleet.out().resolve(ResultsDirectory.SUMMARY), "{}");
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 2);
        assertThatThrownBy(() -> lead.get(20, TimeUnit.SECONDS)).hasMessageContaining("already contains a result");
    }

    @Test
    void aGroupThatIsLostCostsTheOtherItsValidityAndNotItsResult() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(LONG, "3s"), 2, "base", "reuse");
        Process victim = fleet.start(
                "join",
                fleet.address().toString(),
                "--token-file",
                fleet.tokenFile().toString(),
                "--as",
                "base");
        fleet.join(fleet.address(), Fleet.token(), "reuse");
        awaitSaid("start:");
        victim.destroyForcibly();
        List<GroupResult> results = lead.get(60, TimeUnit.SECONDS);
        assertThat(results).extracting(GroupResult::name).containsExactly("reuse");
        Summary left = only(results);
        assertThat(left.outcomes().started()).isEqualTo(300);
        assertThat(ExitCode.of(left)).isEqualTo(ExitCode.NOT_TO_BE_BELIEVED);
        assertThat(left.warnings()).anySatisfy(warning -> {
            assertThat(warning.code()).isEqualTo("generatorLost");
            assertThat(warning.message())
                    .contains("process " + victim.pid())
                    .contains("Its group, base, has no result");
        });
        assertThat(fleet.out().resolve(ResultsDirectory.GROUPS)).content().contains("\"reuse\"");
        assertThat(fleet.out().resolve("base")).doesNotExist();
    }

    @Test
    void whatAGeneratorCannotRunIsSaidByTheLead() throws Exception {
        CompletableFuture<List<GroupResult>> lead =
                fleet.lead(fleet.profile(LONG.formatted("1s", "127.0.0.1:" + freePort())), 1);
        CompletableFuture<Void> generator = fleet.join();
        assertThatThrownBy(() -> lead.get(60, TimeUnit.SECONDS))
                .hasMessageContaining("The load was not started")
                .hasMessageContaining("Nothing accepts connections");
        assertThatThrownBy(() -> generator.get(20, TimeUnit.SECONDS)).hasRootCauseInstanceOf(CannotRun.class);
    }

    @Test
    void aGeneratorEndsWithALeadThatIsInterruptedBeforeAllAreThere() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 2);
        CompletableFuture<Void> waits = fleet.join();
        awaitSaid("has joined, 1 of 2");
        fleet.session().interrupt();
        assertThatThrownBy(() -> lead.get(20, TimeUnit.SECONDS)).hasMessageContaining("Interrupted before the load");
        assertEndsBeforeTheLoad(waits);
    }

    /** One generator has its order and waits for the start, where the other is asked first; otherwise it has none yet. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGeneratorEndsWhereAnotherCannotRun(boolean cannotRunIsFirst) throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(COUNTED), 2);
        CompletableFuture<Void> waits;
        CompletableFuture<Void> refuses;
        if (cannotRunIsFirst) {
            refuses = fleet.joinInVain("no such file");
            awaitSaid("has joined, 1 of 2");
            waits = fleet.join();
        } else {
            waits = fleet.join();
            awaitSaid("has joined, 1 of 2");
            refuses = fleet.joinInVain("no such file");
        }
        assertThatThrownBy(() -> lead.get(40, TimeUnit.SECONDS))
                .hasMessageContaining("The load was not started: generator ")
                .hasMessageContaining(": no such file");
        refuses.get(20, TimeUnit.SECONDS);
        assertEndsBeforeTheLoad(waits);
    }

    private static void assertEndsBeforeTheLoad(CompletableFuture<Void> generator) {
        assertThatThrownBy(() -> generator.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CannotRun.class)
                .hasMessageContaining("The lead ended the load before it began");
    }

    @Test
    void anInterruptedLeadHasCompletePartialResults() throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(profile(LONG, "60s"), 2);
        fleet.join();
        fleet.join();
        awaitMore(awaitMore(0));
        fleet.session().interrupt();
        Summary merged = only(lead.get(60, TimeUnit.SECONDS));
        assertThat(merged.interrupted()).isTrue();
        assertThat(merged.outcomes().balances()).isTrue();
        assertThat(merged.generators()).allMatch(OneGenerator::complete);
    }

    @Test
    void anAddressThatOthersCanReachNeedsAToken() {
        LeadRequest open = new LeadRequest(
                companionProfile(),
                RemoteOptions.NONE,
                1,
                new Endpoint("0.0.0.0", 0),
                Token.of(null, null),
                List.of(),
                fleet.out(),
                home);
        try (LeadSession session = new LeadSession(open, _ -> {}, _ -> {}, _ -> {})) {
            assertThatThrownBy(session::run).hasMessageContaining("needs a token");
        }
        assertThatThrownBy(() -> fleet.join(new Endpoint("198.18.0.1", 1), Token.of(null, null), null)
                        .get(20, TimeUnit.SECONDS))
                .hasMessageContaining("needs a token");
    }

    private Profile companionProfile() {
        try {
            return profile(COUNTED);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** The test's time bound ends a wait in vain. */
    private void awaitSaid(String beginning) throws InterruptedException {
        while (fleet.said().stream().noneMatch(each -> each.contains(beginning))) {
            Thread.sleep(5);
        }
    }

    /** Waits until the companion has accepted more than so many connections; returns how many. */
    private long awaitMore(long than) throws InterruptedException {
        while (companion.counts().accepted() <= than) {
            Thread.sleep(5);
        }
        return companion.counts().accepted();
    }
}
