package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of the user's in a container: started, acted upon, observed, ended. */
@Timeout(420)
class StageDockerIT extends InDocker {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    /** The base image has the JDK's own web server. */
    private Path imageProfile() throws IOException {
        return Files.writeString(home.resolve("image.yaml"), """
                name: image
                duration: 1s
                load: {open: {rate: 100/s}}
                mix: [{name: get}]
                protocol: http
                sysctls: {server: {net.core.somaxconn: 77}}
                server:
                  image: tcplab/java25:local
                  port: 8180
                  ready: {http: /}
                  readyTimeout: 60s
                  command: exec java -XX:TieredStopAtLevel=1 -m jdk.httpserver -p $TCPLAB_PORT -b 0.0.0.0 -d /tmp -o none
                """);
    }

    @Test
    void aServerOfYoursRunsInAContainerOfItsImage() throws Exception {
        needsTheBaseImage();
        String profile = imageProfile().toString();
        Ended ended = tcplab(
                Map.of(),
                "run",
                profile,
                "--isolate",
                "docker",
                "--json",
                "--out",
                home.resolve("image").toString());
        assertThat(List.of(0, 4)).as(ended.err()).contains(ended.code());
        JsonNode summary = JsonMapper.shared().readTree(ended.out());
        assertThat(summary.at("/http/statuses/200").asLong()).isPositive();
        assertThat(summary.at("/server/process/pid").asLong()).isPositive();
        assertThat(summary.at("/kernel/server/listeners/0/limit").asLong()).isEqualTo(50);
        JsonNode environment = JsonMapper.shared()
                .readTree(Files.readString(home.resolve("image").resolve("environment.json")));
        assertThat(environment.at("/isolation").asString()).isEqualTo("docker");
        Ended absent =
                tcplab(Map.of(), "run", profile, "--isolate", "docker", "--set", "server.image=no/such:1", "--quiet");
        assertThat(absent.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(absent.err()).contains("The image no/such:1 is not on this host");
    }

    @Test
    void aServerInAContainerThatListensAndNeverAnswersIsGivenUpInTime() throws Exception {
        needsTheBaseImage();
        Ended ended = tcplab(
                Map.of(),
                "run",
                imageProfile().toString(),
                "--isolate",
                "docker",
                "--quiet",
                "--set",
                "server.readyTimeout=3s",
                "--set",
                "server.command=exec nc -ll -p $TCPLAB_PORT -e sleep 1000");
        assertThat(ended.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(ended.err()).contains("did not answer GET / with a status below 400 within 3.0 s");
    }

    /** Its kernel is seen through its namespace: the queue of 50 holds one more, and it comes back after the stop. */
    @Test
    void aServerInAContainerIsInspectedWhole() throws Exception {
        needsTheBaseImage();
        Ended ended = tcplab(
                Map.of(),
                "inspect",
                "--server",
                imageProfile().toString(),
                "--isolate",
                "docker",
                "--json",
                "--patience",
                "1s",
                "--check",
                "B5,B6,C1,C2,R2");
        assertThat(ended.code()).as(ended.err()).isZero();
        JsonNode checks = JsonMapper.shared().readTree(ended.out()).get("checks");
        assertThat(checks.get(1).get("id").asString()).isEqualTo("B6");
        assertThat(checks.get(1).at("/evidence/figures/established").asInt()).isEqualTo(51);
        assertThat(checks.get(2).get("observed").asString()).isEqualTo("the server closes by FIN");
        assertThat(checks.get(4).at("/times/stopSeconds").asDouble()).isPositive();
    }

    /** Runs the image's profile with these actions; a result of a busy machine that is not valid will do. */
    private JsonNode runWithActions(String duration, String actions) throws Exception {
        needsTheBaseImage();
        Ended ended = tcplab(
                Map.of(),
                "run",
                imageProfile().toString(),
                "--isolate",
                "docker",
                "--set",
                "actions=" + actions,
                "--set",
                "duration=" + duration,
                "--json",
                "--out",
                home.resolve("actions").toString());
        assertThat(List.of(0, 4)).as(ended.err()).contains(ended.code());
        return JsonMapper.shared().readTree(ended.out());
    }

    @Test
    void actionsAreDoneToAServerInAContainer() throws Exception {
        JsonNode summary = runWithActions(
                "4s",
                "[{at: 500ms, run: 'test \"$PWD\" = /tmp && test \"$TCPLAB_PORT\" = 8180 && exit 7'},"
                        + " {at: 1500ms, signal: STOP}, {at: 2500ms, signal: CONT}, {at: 3s, mark: later}]");
        JsonNode actions = summary.path("actions");
        assertThat(actions.size()).isEqualTo(4);
        assertThat(actions.at("/0/exitCode").asInt()).as(actions.toString()).isEqualTo(7);
        assertThat(actions.at("/0/what").asString()).startsWith("run test");
        assertThat(actions.at("/1/what").asString()).isEqualTo("signal SIGSTOP");
        assertThat(actions.at("/3/what").asString()).isEqualTo("mark later");
        for (JsonNode action : actions) {
            assertThat(action.path("failure").isNull()).as(action.toString()).isTrue();
            assertThat(action.at("/lost/refused").asLong()).isZero();
        }
        assertThat(summary.at("/latencies/service/maxMicros").asDouble()).isGreaterThan(500_000);
        assertThat(Files.readString(home.resolve("actions").resolve("report.html")))
                .contains("signal SIGSTOP");
    }

    /** The observer has the namespaces then, so it and the server's address outlive the server. */
    @Test
    void aServerInAContainerIsStoppedAndStartedAgain() throws Exception {
        JsonNode summary = runWithActions("12s", "[{at: 500ms, stop: server}, {at: 1500ms, start: server}]");
        JsonNode actions = summary.path("actions");
        assertThat(actions.at("/0/failure").isNull()).as(actions.toString()).isTrue();
        assertThat(actions.at("/1/failure").isNull()).as(actions.toString()).isTrue();
        assertThat(summary.at("/outcomes/refused").asLong()).isPositive();
        assertThat(actions.at("/0/lost/refused").asLong()
                        + actions.at("/1/lost/refused").asLong())
                .isEqualTo(summary.at("/outcomes/refused").asLong());
        assertThat(summary.at("/outcomes/completed").asLong()).isGreaterThan(60);
        assertThat(summary.at("/kernel/server/partialFromSecond").isNull()).isTrue();
        assertThat(summary.at("/server/process/pid").asLong()).isPositive();
    }

    @Test
    void aKilledRunsContainersAreRemovedByTheNext() throws Exception {
        needsTheBaseImage();
        String profile = imageProfile().toString();
        Process killed = new ProcessBuilder(command("run", profile, "--isolate", "docker", "--duration", "200s"))
                .directory(REPOSITORY.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] ours = {"docker", "ps", "-q", "--filter", "label=io.tcplab.owner"};
        while (killed.isAlive() && call(ours).out().lines().count() < 3) {
            Thread.sleep(100);
        }
        assertThat(killed.isAlive()).isTrue();
        killed.destroyForcibly().waitFor();
        assertThat(call(ours).out().lines().count()).isGreaterThanOrEqualTo(3);
        Ended next =
                tcplab(Map.of(), "run", profile, "--isolate", "docker", "--set", "server.image=no/such:1", "--quiet");
        assertThat(next.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(call(ours).out()).isEmpty();
    }

    /** The host's ss, in the container's network namespace. */
    @Test
    void aContainerIsObservedAsSsInsideSeesIt() throws Exception {
        needsTheBaseImage();
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/nsenter")), "needs nsenter of util-linux");
        String name = "tcplab-observed-" + ProcessHandle.current().pid();
        Ended started = call(
                "docker",
                "run",
                "-d",
                "--rm",
                "--name",
                name,
                "--network",
                "none",
                "tcplab/java25:local",
                "java",
                "-XX:TieredStopAtLevel=1",
                "-m",
                "jdk.httpserver",
                "-p",
                "8181",
                "-b",
                "127.0.0.1",
                "-d",
                "/tmp");
        assertThat(started.code()).as(started.err()).isZero();
        try {
            String pid = call("docker", "inspect", "--format", "{{.State.Pid}}", name)
                    .out()
                    .strip();
            String[] ss = {"nsenter", "-t", pid, "-n", "ss", "-Hltn", "sport = :8181"};
            String listener = "";
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (listener.isEmpty() && System.nanoTime() < deadline) {
                listener = call(ss).out().strip();
            }
            Ended ended =
                    tcplab(Map.of(), "observe", "--port", "8181", "--container", name, "--for", "500ms", "--json");
            assertThat(ended.code()).as(ended.err()).isZero();
            JsonNode seen = JsonMapper.shared().readTree(ended.out()).at("/listeners/0");
            String[] words = listener.split("\\s+");
            assertThat(seen.path("last").asString()).isEqualTo(words[1]);
            assertThat(seen.path("limit").asString()).isEqualTo(words[2]);
            assertThat(seen.path("address").asString()).isEqualTo("127.0.0.1:8181");
        } finally {
            call("docker", "rm", "-f", name);
        }
    }

    /** The nginx of this host with its libraries, on the base image, whose shell reads the profile's command. */
    private void buildNginx(String image) throws Exception {
        Path context = home.resolve("nginx");
        Files.createDirectories(context.resolve("lib"));
        Files.copy(NGINX, context.resolve("nginx"));
        Matcher libraries = Pattern.compile("=> (/\\S+)")
                .matcher(call("ldd", NGINX.toString()).out());
        while (libraries.find()) {
            Path library = Path.of(libraries.group(1));
            Files.copy(library, context.resolve("lib").resolve(library.getFileName()));
        }
        Files.writeString(
                context.resolve("start"), "#!/bin/sh\nLD_LIBRARY_PATH=/opt/nginx/lib exec /opt/nginx/nginx \"$@\"\n");
        Files.writeString(context.resolve("Dockerfile"), """
                FROM tcplab/java25:local
                USER 0
                COPY nginx /opt/nginx/
                COPY lib /opt/nginx/lib
                COPY start /usr/bin/nginx
                RUN chmod 755 /usr/bin/nginx /opt/nginx/nginx; for name in nobody www-data; do \\
                    echo "$name:x:33:33::/:/bin/sh" >> /etc/passwd; echo "$name:x:33:" >> /etc/group; done; \\
                    echo "nogroup:x:33:" >> /etc/group; mkdir -p /var/log/nginx /var/lib/nginx
                """);
        Ended built = call("docker", "build", "--network", "none", "-t", image, context.toString());
        assertThat(built.code()).as(built.out() + built.err()).isZero();
    }

    /** Paused for 1.5 s, its queue fills to min(backlog, somaxconn) + 1 and no further, as in namespaces. */
    @Test
    void nginxOverflowsInContainersWhereItDoesInNamespaces() throws Exception {
        needsTheBaseImage();
        Assumptions.assumeTrue(Files.isExecutable(NGINX), "needs nginx (Debian: nginx-light)");
        String image = "tcplab-test/nginx";
        buildNginx(image);
        try {
            Ended ended = tcplab(
                    Map.of(),
                    "tune",
                    "profiles/servers/nginx.yaml",
                    "--isolate",
                    "docker",
                    "--repeat",
                    "1",
                    "--set",
                    "server.image=" + image,
                    "--json",
                    "--out",
                    home.resolve("nginx-tune").toString());
            assertThat(List.of(0, 4)).as(ended.err()).contains(ended.code());
            JsonNode cells = JsonMapper.shared().readTree(ended.out()).path("cells");
            assertThat(cells.size()).isEqualTo(4);
            List<Long> limits = new ArrayList<>();
            int full = 0;
            for (JsonNode cell : cells) {
                JsonNode law = cell.path("law");
                assertThat(law.path("observed").asLong())
                        .as(cell.path("name").asString() + ": " + law)
                        .isBetween(law.path("least").asLong(), law.path("most").asLong());
                full += law.path("least").equals(law.path("most")) ? 1 : 0;
                limits.add(law.path("most").asLong() - 1);
            }
            assertThat(limits).containsExactlyInAnyOrder(64L, 64L, 128L, 512L);
            Assumptions.assumeTrue(full == cells.size(), "this machine was too busy to fill the queue of every cell");
        } finally {
            call("docker", "image", "rm", "-f", image);
        }
    }

    /** deploy/observe.yaml with the JDK's web server as the foreign one. */
    @Test
    void anObserverBesideAForeignServerNeedsNoPrivilege() throws Exception {
        List<String> compose = compose();
        Assumptions.assumeFalse(compose.isEmpty(), "no docker-compose here, neither as a program nor as a plugin");
        needsTheBaseImage();
        Ended image = call(Map.of("TCPLAB_NO_BUILD", "1"), "deploy/build-image");
        assertThat(image.code()).as(image.out() + image.err()).isZero();
        Path context = Files.createDirectory(home.resolve("foreign"));
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM tcplab/java25:local\nCMD exec java -m jdk.httpserver -p 8182 -b 0.0.0.0 -d /tmp -o none\n");
        Ended built = call("docker", "build", "--network", "none", "-t", "tcplab-test/foreign", context.toString());
        assertThat(built.code()).as(built.err()).isZero();
        Map<String, String> environment = Map.of(
                "TCPLAB_SERVER_IMAGE",
                "tcplab-test/foreign",
                "TCPLAB_SERVER_PORT",
                "8182",
                "TCPLAB_RUN",
                "profiles/http-short.yaml --rate 100/s --duration 2s --json");
        List<String> file = new ArrayList<>(compose);
        file.addAll(List.of("-f", "deploy/observe.yaml"));
        try {
            Ended ended = call(environment, words(file, "up", "--no-color", "--exit-code-from", "loadgen"));
            assertThat(List.of(0, 4)).as(ended.out() + ended.err()).contains(ended.code());
            Ended logs = call(environment, words(file, "logs", "--no-color", "loadgen"));
            assertThat(logs.out()).contains("\"address\" : \"0.0.0.0:8182\"").contains("\"acceptQueue\"");
        } finally {
            assertThat(call(environment, words(file, "down")).code()).isZero();
            call("docker", "image", "rm", "-f", "tcplab-test/foreign");
        }
    }
}
