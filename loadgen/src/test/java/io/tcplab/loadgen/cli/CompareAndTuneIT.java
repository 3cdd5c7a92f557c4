package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code compare} and {@code tune} as processes of their own: short rounds, verdicts, interruptions, users without privileges. */
@Timeout(240)
class CompareAndTuneIT {

    private static final long MOST_SECONDS = 200;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Ten ports, and the client closes first: each port serves once. With tcp_rfc1337, no late ACK of the server can free one early. */
    private static final String TEN_PORTS = """
            name: ten-ports
            duration: 600ms
            load: {open: {rate: 100/s}}
            mix: [{name: once, exchanges: 0, close: {by: client, how: fin}}]
            protocol: none
            sysctls: {client: {net.ipv4.ip_local_port_range: 40000 40009, net.ipv4.tcp_tw_reuse: 0, net.ipv4.tcp_rfc1337: 1}}
            """;

    private static final int MOST_ATTEMPTS = 3;

    private static final String FEW = """
            name: few
            duration: 200ms
            load: {closed: {concurrency: 2}}
            mix: [{name: one, exchanges: 1, think: 5ms}, {name: ten, exchanges: 10, think: 5ms}]
            """;

    @TempDir
    private Path home;

    private Process start(List<String> prefix, List<String> java, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile())
                .start();
    }

    private static List<String> java(String... target) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(target));
        return command;
    }

    private static List<String> here() {
        return java("-cp", System.getProperty("java.class.path"), Tcplab.class.getName());
    }

    private JsonNode result(Process process, int... codes) throws Exception {
        String out = ended(process, codes);
        return JSON.readTree(out);
    }

    private String ended(Process process, int... codes) throws Exception {
        boolean inTime = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(inTime).isTrue();
        String err = Files.readString(home.resolve("err"));
        assertThat(err).doesNotContain("\tat ");
        assertThat(codes).as(err).contains(process.exitValue());
        return Files.readString(home.resolve("out"));
    }

    private String profile(String text) throws IOException {
        return Files.writeString(home.resolve("profile.yaml"), text).toString();
    }

    private String out() {
        return home.resolve("result").toString();
    }

    private static void needNamespaces() {
        assumeThat(UserNamespace.obstacle()).isEmpty();
    }

    private static JsonNode knob(JsonNode tuning, String key) {
        for (JsonNode knob : tuning.path("knobs")) {
            if (knob.path("key").asString().equals(key)) {
                return knob;
            }
        }
        throw new AssertionError("no verdict on " + key + " in " + tuning.path("knobs"));
    }

    /** The server is stopped in the middle, and in the control's rounds it is not. */
    @Test
    void aProfileWithActionsIsComparedWithItsControl() throws Exception {
        Path profile = Files.writeString(home.resolve("stop.yaml"), """
                name: stop
                duration: 1s
                load: {open: {rate: 200/s}}
                mix: [{name: get}]
                protocol: http
                server:
                  port: 8399
                  ready: {http: /}
                  readyTimeout: 60s
                  command: exec "$TCPLAB_JAVA" -XX:TieredStopAtLevel=1 -m jdk.httpserver -p $TCPLAB_PORT -b 0.0.0.0 -d . -o none
                actions: [{at: 500ms, stop: server}]
                """);
        assumeThat(UserNamespace.obstacle()).isEmpty();
        JsonNode compared = result(
                start(List.of(), here(), "compare", profile.toString(), "--repeat", "5", "--json", "--quiet"), 0, 4);
        assertThat(compared.at("/contenders/1/name").asString()).isEqualTo("stop-without-actions");
        JsonNode cost = compared.at("/actions/0");
        assertThat(cost.at("/what").asString()).isEqualTo("stop server");
        assertThat(cost.at("/distinguishable").asBoolean()).as("%s", cost).isTrue();
        assertThat(cost.at("/control/lost").asLong()).isZero();
        assertThat(cost.at("/lost").asLong()).isPositive();
    }

    @Test
    void whatTheKernelLacksIsAbsentAndFinTimeoutIsWithoutEffectOnTimeWait() throws Exception {
        needNamespaces();
        Process process = start(
                List.of(),
                here(),
                "tune",
                profile(TEN_PORTS),
                "--sysctl=net.ipv4.tcp_fin_timeout=1,60",
                "--sysctl=net.ipv4.tcp_tw_recycle=0,1",
                "--repeat=2",
                "--parallel=2",
                "--json",
                "--out=" + out());
        JsonNode tuning = result(process, 0, 4);
        assertThat(knob(tuning, "net.ipv4.tcp_tw_recycle").path("verdict").asString())
                .startsWith("absent");
        JsonNode timeout = knob(tuning, "net.ipv4.tcp_fin_timeout");
        assertThat(timeout.path("tookEffect").asBoolean()).isFalse();
        assertThat(timeout.path("verdict").asString()).startsWith("no effect");
        assertThat(tuning.path("cells")).hasSize(2);
        for (JsonNode cell : tuning.path("cells")) {
            assertThat(cell.path("readBack").path("net.ipv4.tcp_fin_timeout").asString())
                    .isEqualTo(cell.path("settings")
                            .path("net.ipv4.tcp_fin_timeout")
                            .asString());
            assertThat(cell.path("law").path("observed").asLong()).isEqualTo(10);
        }
        assertThat(tuning.path("before").path("cpus").asInt()).isPositive();
        assertThat(Path.of(out()))
                .isDirectoryContaining("glob:**/report.html")
                .isDirectoryContaining("glob:**/tune.txt");
    }

    @Test
    void knobsOfTheProfileAreSetAndTheKernelTellsWhatItGranted() throws Exception {
        needNamespaces();
        Process process = start(
                List.of(),
                here(),
                "tune",
                profile(FEW),
                "--set=server.backlog=4,64",
                "--set=client.nodelay=true,false",
                "--set=client.bindAddressNoPort=true,false",
                "--set=client.sources=[198.18.0.1],[198.18.0.1, 198.18.0.11]",
                "--set=mix.one.close.how=fin,rst,linger 1s",
                "--pairwise",
                "--repeat=1",
                "--parallel=2",
                "--json",
                "--out=" + out());
        JsonNode tuning = result(process, 0, 4);
        assertThat(tuning.path("cells").size()).isBetween(6, 24);
        for (JsonNode cell : tuning.path("cells")) {
            JsonNode settings = cell.path("settings");
            assertThat(cell.path("acceptQueue").path("limit").asString())
                    .isEqualTo(settings.path("server.backlog").asString());
            boolean resets = settings.path("mix.one.close.how").asString().equals("rst");
            assertThat(cell.path("counters").has("client TcpExt.TCPAbortOnData"))
                    .isEqualTo(resets);
            assertThat(cell.path("outcomes").path("completed").asDouble()).isPositive();
        }
    }

    @Test
    void anInterruptionLeavesAPartialResultAndNothingElse() throws Exception {
        needNamespaces();
        // Whoever started this test in the background had the shell ignore SIGINT, and a JVM leaves what is ignored
        // alone.
        Process process = start(
                List.of("env", "--default-signal=INT"),
                here(),
                "tune",
                profile(TEN_PORTS),
                "--sysctl=net.ipv4.tcp_fin_timeout=1,60",
                "--repeat=50",
                "--out=" + out());
        while (process.isAlive() && !Files.readString(home.resolve("err")).contains("round 3 of")) {
            Thread.sleep(20);
        }
        List<ProcessHandle> children = process.descendants().toList();
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        ended(process, 130);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        JsonNode tuning = JSON.readTree(Files.readString(Path.of(out(), "tune.json")));
        assertThat(tuning.path("cells")).hasSize(2);
        assertThat(tuning.path("notes").toString()).contains("interrupted: 2 of 50 rounds");
    }

    @Test
    void anOrdinaryUserGetsTheSameVerdict() throws Exception {
        needNamespaces();
        boolean root = System.getProperty("user.name").equals("root");
        assumeThat(!root || Programs.find("setpriv").isPresent()).isTrue();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> prefix = root ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") : List.of();
        List<String> program = java("-jar", readableProgram());
        JsonNode ports = null;
        for (int attempt = 1; ports == null && attempt <= MOST_ATTEMPTS; attempt++) {
            Process process = start(
                    prefix,
                    program,
                    "tune",
                    profile(TEN_PORTS),
                    "--sysctl=net.ipv4.ip_local_port_range=40000 40009,40000 40029",
                    "--repeat=2",
                    "--parallel=2",
                    "--json",
                    "--out=" + out() + attempt);
            JsonNode tuning = result(process, 0, 4);
            // Only what this machine's other work does to a round is a reason to make it again.
            String notes = tuning.path("notes").toString();
            assertThat(process.exitValue() == 0
                            || notes.contains("generatorSaturated")
                            || notes.contains("generatorStopped"))
                    .as(notes)
                    .isTrue();
            ports = process.exitValue() == 0 ? knob(tuning, "net.ipv4.ip_local_port_range") : null;
        }
        assumeThat(ports)
                .as("a round was not valid %d times: too busy a machine to judge", MOST_ATTEMPTS)
                .isNotNull();
        assertThat(ports.path("tookEffect").asBoolean()).isTrue();
        assertThat(ports.path("evidence").toString()).contains("client TcpExt.TW 10 → 30");
    }

    /** The packaged program where anybody may read it; the build's own directory need not allow it. */
    private String readableProgram() throws IOException {
        Path target = Path.of("target");
        Path copy = Files.createDirectories(home.resolve("program"));
        Files.copy(target.resolve("tcplab-loadgen.jar"), copy.resolve("tcplab-loadgen.jar"));
        Path libraries = Files.createDirectories(copy.resolve("lib"));
        try (var jars = Files.list(target.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, libraries.resolve(jar.getFileName()));
            }
        }
        return copy.resolve("tcplab-loadgen.jar").toString();
    }

    @Test
    void withoutNamespacesRoundsShareTheHostAndTheResultSaysSo() throws Exception {
        Process process = start(
                List.of(), here(), "compare", profile(FEW), "--isolate=none", "--repeat=2", "--json", "--out=" + out());
        JsonNode comparison = result(process, 0, 4);
        assertThat(comparison.path("sentence").asString()).contains("nothing can be distinguished from noise");
        assertThat(comparison.path("notes").toString()).contains("all rounds shared this host's network namespace");
        assertThat(comparison.path("method").asString()).contains("corrected for the 5 primary figures");
        assertThat(comparison.path("contenders")).hasSize(2);
        for (JsonNode contender : comparison.path("contenders")) {
            assertThat(contender.path("rounds")).hasSize(2);
            assertThat(contender
                            .path("figures")
                            .path("serverCpuMicrosPerExchange")
                            .asDouble())
                    .isPositive();
        }
    }

    @Test
    void aPeerThatVanishesIsFoundByKeepaliveProbes() throws Exception {
        needNamespaces();
        String text = """
                name: vanished
                duration: 3s
                load: {hold: {connections: 5}}
                mix: [{name: idle, exchanges: 0, close: {by: client, how: rst}}]
                protocol: none
                client: {keepaliveProbe: {idle: 1s, interval: 1s, count: 1}}
                faults: [{drop: everything, from: 300ms}]
                """;
        Process process = start(List.of(), here(), "run", profile(text), "--isolate=netns", "--json", "--out=" + out());
        JsonNode summary = result(process, 0);
        assertThat(summary.path("outcomes").path("timedOut").asInt()).isEqualTo(5);
        assertThat(summary.path("causes").toString()).contains("recv: ETIMEDOUT");
        assertThat(summary.path("before").path("timeWait").asInt()).isZero();

        Process onTheHost = start(List.of(), here(), "run", profile(text), "--out=" + out() + "2");
        ended(onTheHost, 1);
        assertThat(Files.readString(home.resolve("err"))).contains("faults", "--isolate netns");
    }
}
