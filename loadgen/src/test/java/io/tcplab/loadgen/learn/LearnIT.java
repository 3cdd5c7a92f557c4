package io.tcplab.loadgen.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tcpdump captured of a load gives a profile that makes the same load; counts are the run's own, to the connection. */
@Timeout(180)
class LearnIT {

    @TempDir
    private Path home;

    private NetworkNamespace namespace;
    private Process tcpdump;

    @BeforeEach
    void capture() throws Exception {
        assumeThat(UserNamespace.needed())
                .as("needs CAP_SYS_ADMIN: run as root or under unshare -Ur")
                .isFalse();
        assumeThat(Programs.find("tcpdump")).as("tcpdump is not installed").isPresent();
        namespace = NetworkNamespace.create("learned");
        Path errors = home.resolve("tcpdump.err");
        tcpdump = namespace.start(new ProcessBuilder(
                        "tcpdump",
                        "-Z",
                        "root",
                        "-i",
                        "lo",
                        "-s",
                        "96",
                        "-U",
                        "--immediate-mode",
                        "-w",
                        pcap().toString(),
                        "tcp")
                .redirectError(errors.toFile()));
        await(() -> Files.exists(errors) && Files.readString(errors).contains("listening on"));
    }

    @AfterEach
    void end() throws Exception {
        if (tcpdump != null) {
            tcpdump.destroy();
            assertThat(tcpdump.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited for 30 s").isLessThan(end);
            Thread.sleep(50);
        }
    }

    private Path pcap() {
        return home.resolve("traffic.pcap");
    }

    private void inNamespace(String... command) throws Exception {
        Process process = namespace.start(new ProcessBuilder(command)
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile()));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }

    /** Runs a profile in the namespace, as a process of its own. */
    private Summary run(Path profile, String out, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tcplab.loadgen.cli.Tcplab",
                "run",
                profile.toString(),
                "--quiet",
                "--out",
                home.resolve(out).toString()));
        command.addAll(List.of(options));
        inNamespace(command.toArray(String[]::new));
        return SummaryJson.read(home.resolve(out).resolve("summary.json"));
    }

    /** Learns when the capture has so many connections. */
    private Profile learn(long connections) throws Exception {
        Path learned = home.resolve("learned.yaml");
        await(() -> {
            new LearnSession(pcap(), learned, null).run(new PrintWriter(new StringWriter()));
            return ProfileReader.read(learned, List.of()).mix().stream()
                            .mapToDouble(MixMember::weight)
                            .sum()
                    >= connections;
        });
        return ProfileReader.read(learned, List.of());
    }

    /** Connections by who closes them and how, and whether they have several exchanges. */
    private static Map<String, Double> kinds(Profile profile) {
        Map<String, Double> kinds = new TreeMap<>();
        for (MixMember each : profile.mix()) {
            boolean several = each.exchanges().max() > 1;
            kinds.merge(
                    each.close().by() + " " + each.close().how() + (several ? " several" : " one"),
                    each.weight(),
                    Double::sum);
        }
        return kinds;
    }

    private static double started(Summary summary, int member) {
        return summary.mixes().get(member).outcomes().started();
    }

    @Test
    void aMixOfShortAndKeptConnectionsIsLearnedAndRunAgain() throws Exception {
        Path profile = Files.writeString(home.resolve("mix.yaml"), """
                name: mix
                connections: 200
                seed: 5
                load: {open: {rate: 100/s}}
                mix:
                  - {name: short, weight: 80, exchanges: 1, request: 100B, response: 2kB, close: {by: client, how: fin}}
                  - {name: kept, weight: 20, exchanges: 5, think: 20ms, close: {by: server, how: fin}}
                """);
        Summary first = run(profile, "first");
        Profile learned = learn(200);
        assertThat(kinds(learned))
                .isEqualTo(Map.of("CLIENT FIN one", started(first, 0), "SERVER FIN several", started(first, 1)));
        MixMember single = learned.mix().getFirst();
        assertThat(single.requestBytes()).isEqualTo(new Quantity.Constant(100));
        assertThat(single.responseBytes()).isEqualTo(new Quantity.Constant(2_000));
        assertThat(learned.mix().getLast().exchanges()).isEqualTo(new Quantity.Constant(5));
        assertThat(learned.mix().getLast().thinkNanos().max()).isGreaterThan(15_000_000);

        Summary again = run(home.resolve("learned.yaml"), "again", "--connections", "200", "--duration", "60s");
        Double offered = again.rates().offered();
        assertThat(offered)
                .isNotNull()
                .isCloseTo(
                        first.rates().attempted(), within(0.25 * first.rates().attempted()));
        assertThat(started(again, 0) / 200).isCloseTo(started(first, 0) / 200, within(0.15));
        assertThat(again.outcomes().errors()).isZero();
    }

    @Test
    void httpOnNginxIsLearned() throws Exception {
        assumeThat(Programs.find("nginx")).as("nginx is not installed").isPresent();
        Path profile = Path.of("..", "profiles", "servers", "nginx.yaml")
                .toAbsolutePath()
                .normalize();
        Summary run = run(
                profile, "nginx", "--set", "warmup=0s", "--rate", "80/s", "--connections", "150", "--duration", "60s");
        Profile learned = learn(150);
        assertThat(kinds(learned))
                .isEqualTo(Map.of("CLIENT FIN one", started(run, 0), "CLIENT FIN several", started(run, 1)));
        assertThat(learned.mix().getLast().exchanges()).isEqualTo(new Quantity.Constant(20));
    }

    @Test
    void redisBenchmarkIsAClosedLoop() throws Exception {
        assumeThat(Programs.find("redis-benchmark"))
                .as("redis-benchmark is not installed")
                .isPresent();
        assumeThat(Programs.find("redis-server"))
                .as("redis-server is not installed")
                .isPresent();
        Path log = home.resolve("redis.log");
        Process redis = namespace.start(new ProcessBuilder(
                        "redis-server", "--port", "6390", "--bind", "127.0.0.1", "--save", "", "--dir", home.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
        try {
            await(() -> Files.readString(log).contains("Ready to accept connections"));
            inNamespace("redis-benchmark", "-p", "6390", "-c", "5", "-n", "2000", "-t", "set", "-d", "100", "-q");
            Profile learned = learn(5);
            assertThat(learned.load()).isEqualTo(new Load.Closed(5));
            MixMember only = learned.mix().stream()
                    .filter(each -> each.exchanges().max() > 1)
                    .findFirst()
                    .orElseThrow();
            assertThat(only.weight()).isEqualTo(5);
            assertThat(only.exchanges().max()).isBetween(300L, 500L);
            assertThat(only.responseBytes()).as("+OK and a line's end").isEqualTo(new Quantity.Constant(5));
        } finally {
            redis.destroy();
            assertThat(redis.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
