package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real containers: the verdicts of namespaces, the composition from up to down, and a host that is afterwards as it was. */
@Timeout(420)
class DockerIT extends InDocker {

    private static final int SOMEBODY = 12_345;

    /** Few ports, few seconds, and still: off, on, on without timestamps, and the server closing first. */
    private static final String PROFILE = """
            name: tw-reuse-short
            duration: 2400ms
            load: {open: {rate: 100/s}}
            mix: [{name: once, exchanges: 0, close: {by: client, how: fin}}]
            protocol: none
            sysctls: {client: {net.ipv4.ip_local_port_range: 20000 20019}}
            tune:
              repeat: 2
              parallel: 2
              matrices:
                - client: {net.ipv4.tcp_tw_reuse: [0, 1], net.ipv4.tcp_timestamps: 1}
                - client: {net.ipv4.tcp_tw_reuse: 1, net.ipv4.tcp_timestamps: 0}
                - client: {net.ipv4.tcp_tw_reuse: [0, 1], net.ipv4.tcp_timestamps: 1}
                  set: {mix.0.close.by: server}
            """;

    @Test
    void aRunInContainersIsSeenWhileItRuns() throws Exception {
        Path profile = Files.writeString(home.resolve("seen.yaml"), """
                name: seen
                duration: 3s
                load: {open: {rate: 50/s}}
                mix: [{name: short, exchanges: 1, close: {by: client, how: fin}}]
                """);
        String out = home.resolve("seen").toString();
        Ended ended = tcplab(Map.of(), "run", profile.toString(), "--isolate", "docker", "--plain", "--out", out);
        assertThat(ended.code()).as(ended.err()).isIn(0, 4);
        assertThat(ended.err().lines().filter(line -> line.matches("seen  \\d+ s  \\d+ connections/s .*")))
                .hasSizeGreaterThan(1);
    }

    private JsonNode tuned(String isolation) throws Exception {
        Path profile = Files.writeString(home.resolve("profile.yaml"), PROFILE);
        String out = home.resolve(isolation).toString();
        Ended ended = tcplab(Map.of(), "tune", profile.toString(), "--isolate", isolation, "--json", "--out", out);
        assertThat(ended.code()).as(ended.err()).isZero();
        return JsonMapper.shared().readTree(ended.out());
    }

    private static List<String> knobs(JsonNode tuning) {
        List<String> knobs = new ArrayList<>();
        for (JsonNode knob : tuning.path("knobs")) {
            knobs.add(
                    knob.path("key").asString() + " " + knob.path("tookEffect").asBoolean());
        }
        return knobs;
    }

    /** Whether no round of a cell missed an interval because its generator was late. */
    private static boolean onTime(JsonNode tuning) {
        for (JsonNode cell : tuning.path("cells")) {
            long expected = cell.path("law").path("least").asLong();
            if (cell.path("outcomes").path("completed").asDouble() < expected - 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * What each cell's law said: what a reader takes from it. How many were tried within the time, and
     * whether a reset of the server made room for one more, may differ from round to round.
     */
    private static List<String> verdicts(JsonNode tuning) {
        List<String> verdicts = new ArrayList<>();
        for (JsonNode cell : tuning.path("cells")) {
            JsonNode law = cell.path("law");
            String because = law.path("because").asString();
            verdicts.add(cell.path("name").asString() + ": " + because.replaceFirst("( \\+ | = |: all ).*", ""));
            long expected = law.path("least").asLong();
            long observed = law.path("observed").asLong();
            boolean late = law.path("late").asBoolean(); // a busy machine: then fewer say nothing
            assertThat((expected <= observed && observed <= law.path("most").asLong()) || (late && observed < expected))
                    .as(law.toString())
                    .isTrue();
        }
        return verdicts;
    }

    @Test
    void containersGiveTheVerdictsOfNamespaces() throws Exception {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        JsonNode docker = tuned("docker");
        JsonNode netns = tuned("netns");
        assertThat(verdicts(docker)).isEqualTo(verdicts(netns)).hasSize(5);
        JsonNode reuse = docker.path("cells").path(1);
        assertThat(reuse.path("settings").path("net.ipv4.tcp_tw_reuse").asString())
                .isEqualTo("1");
        assertThat(reuse.path("readBack").path("net.ipv4.tcp_tw_reuse").asString())
                .isEqualTo("1");
        assertThat(reuse.path("counters").path("client TcpExt.TWRecycled").asLong())
                .isPositive();
        JsonNode serverCloses = docker.path("cells").path(3);
        assertThat(serverCloses.path("counters").path("server TcpExt.TW").asLong())
                .isPositive();
        Path round =
                home.resolve("docker").resolve(reuse.path("name").asString().replace(' ', '_') + "-1");
        JsonNode environment = JsonMapper.shared().readTree(Files.readString(round.resolve("environment.json")));
        assertThat(environment.path("isolation").asString()).isEqualTo("docker");
        JsonNode summary = JsonMapper.shared().readTree(Files.readString(round.resolve("summary.json")));
        assertThat(summary.path("reconciliation"))
                .isNotEmpty()
                .allMatch(check -> check.path("agrees").asBoolean());
        Assumptions.assumeTrue(
                onTime(docker) && onTime(netns), "a generator was late: this machine is too busy to judge the knobs");
        assertThat(knobs(docker))
                .isEqualTo(knobs(netns))
                .containsExactly("net.ipv4.tcp_tw_reuse true", "net.ipv4.tcp_timestamps true", "mix.0.close.by true");
    }

    /** Each cell's companion has a certificate of its own, which that cell's generator trusts. */
    @Test
    void aCellSpeaksTls() throws Exception {
        Path profile = Files.writeString(home.resolve("tls.yaml"), """
                name: tls-cells
                connections: 40
                load: {closed: {concurrency: 2}}
                protocol: echo
                tls: {resume: 50%}
                mix: [{name: once, exchanges: 2}]
                client: {connectTimeout: 60s, exchangeTimeout: 60s}
                tune:
                  repeat: 1
                  matrices:
                    - client: {net.ipv4.tcp_timestamps: [0, 1]}
                """);
        Path out = home.resolve("tls");
        Ended ended =
                tcplab(Map.of(), "tune", profile.toString(), "--isolate", "docker", "--quiet", "--out", out.toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        for (String round : List.of("tcp_timestamps=0-1", "tcp_timestamps=1-1")) {
            JsonNode summary = JsonMapper.shared()
                    .readTree(Files.readString(out.resolve(round).resolve("summary.json")));
            assertThat(summary.path("outcomes").path("completed").asLong()).isEqualTo(40);
            assertThat(summary.path("tls").path("handshakes").asLong()).isEqualTo(40);
            assertThat(summary.path("tls").path("verified").asBoolean()).isTrue();
            assertThat(summary.path("tls").path("resumed").asLong()).isPositive();
        }
    }

    @Test
    void whatDockerRefusesIsSaidAsSuch() throws Exception {
        Path profile = Files.writeString(home.resolve("profile.yaml"), PROFILE);
        String[] tune = {"tune", profile.toString(), "--isolate", "docker", "--repeat", "1", "--quiet", "--out"};
        Ended value = tcplab(Map.of(), with(tune, "value", "--sysctl", "net.ipv4.tcp_congestion_control=nosuch,cubic"));
        assertThat(value.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(value.err()).contains("Docker refuses net.ipv4.tcp_congestion_control=nosuch");
        assertThat(value.err().lines()).hasSize(1);

        Ended nobody = tcplab(Map.of("DOCKER_HOST", "tcp://127.0.0.1:1"), with(tune, "nobody"));
        assertThat(nobody.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(nobody.err()).contains("tcp://127.0.0.1:1").contains("--isolate netns");
        assertThat(nobody.err().lines()).hasSize(1);
    }

    private String[] with(String[] first, String out, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.add(home.resolve(out).toString());
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    /** Of the program as it is: a build from here would take the jar away from the tests that come after this. */
    private void buildImage() throws Exception {
        Ended image = call(Map.of("TCPLAB_NO_BUILD", "1"), "deploy/build-image");
        assertThat(image.code()).as(image.out() + image.err()).isZero();
    }

    /** Docker's own filter of system calls lets nobody make a namespace. */
    @Test
    void namespacesThatAContainerForbidsAreRefusedInASentence() throws Exception {
        buildImage();
        String run =
                "docker run --rm --network none --cap-drop ALL tcplab:local run profiles/count-23.yaml --isolate netns";
        Ended ended = call(run.split(" ", -1));
        assertThat(ended.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(ended.err()).contains("A user namespace cannot be created here; a seccomp filter forbids it");
        assertThat(ended.err().lines()).hasSize(1);
    }

    @Test
    void aCompositionOfFourGeneratorsIsMergedOnTheHost() throws Exception {
        List<String> compose = compose();
        Assumptions.assumeFalse(compose.isEmpty(), "no docker-compose here, neither as a program nor as a plugin");
        buildImage();
        Path results = Files.createDirectory(home.resolve("results"));
        if (Files.getAttribute(results, "unix:uid").equals(0)) {
            Files.setAttribute(results, "unix:uid", SOMEBODY); // root is anybody's owner: make it an ordinary user's
        }
        Map<String, String> environment = Map.of(
                "TCPLAB_RESULTS",
                results.toString(),
                "TCPLAB_GENERATORS",
                "4",
                "TCPLAB_RUN",
                "profiles/ports.yaml --connections 1620 --duration 60s");
        String[] up = words(compose, "up", "--no-color", "--exit-code-from", "lead", "--scale", "loadgen=3");
        String[] down = words(compose, "down");
        try {
            Ended ended = call(environment, up);
            assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        } finally {
            assertThat(call(environment, down).code()).isZero();
        }
        Path written;
        try (Stream<Path> all = Files.list(results)) {
            written = all.findFirst().orElseThrow();
        }
        JsonNode merged = summary(written.resolve("loadgen"));
        long started = 0;
        for (int number = 0; number < 3; number++) {
            JsonNode one = summary(written.resolve("loadgen/generator-" + number));
            assertThat(one.path("outcomes").path("completed").asLong()).isEqualTo(100);
            started += one.path("outcomes").path("started").asLong();
        }
        // However many generators there are.
        assertThat(started).isEqualTo(1620);
        assertThat(merged.path("outcomes").path("started").asLong()).isEqualTo(started);
        assertThat(merged.path("outcomes").path("completed").asLong()).isEqualTo(300);
        JsonNode reuse = summary(written.resolve("loadgen-reuse"));
        assertThat(reuse.path("outcomes").path("started").asLong()).isEqualTo(started);
        assertThat(reuse.path("outcomes").path("completed").asLong()).isGreaterThan(100);
        assertThat(written.resolve("report.html")).isNotEmptyFile();
        assertThat(written.resolve("groups.json")).isNotEmptyFile();
        assertThat(Files.getOwner(written.resolve("loadgen/summary.json"))).isEqualTo(Files.getOwner(results));
    }

    private static JsonNode summary(Path directory) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(directory.resolve("summary.json")));
    }
}
