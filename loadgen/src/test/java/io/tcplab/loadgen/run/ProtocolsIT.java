package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped scripts against the real servers that they are for: what we count is what the server counts, however we close. */
@OverEachTransport
@Timeout(120)
class ProtocolsIT {

    private static final int CONNECTIONS = 60;
    private static final Path PROFILES = Path.of("..", "profiles", "protocols");

    @TempDir
    private Path home;

    private Process server;
    private int port;

    /** Starts the server as the shipped profile does, and returns the profile with the server as its target. */
    private Profile start(String name, String program, String debian, String... sets) throws Exception {
        Assumptions.assumeTrue(isInstalled(program), "needs " + program + " (Debian: " + debian + ")");
        Path file = PROFILES.resolve(name + ".yaml");
        OwnServer own = Objects.requireNonNull(
                ProfileReader.read(file, List.of()).server().own());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", own.command().getFirst())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        builder.environment().put("TCPLAB_PORT", String.valueOf(port));
        server = builder.start();
        awaitListening();
        if (own.ready() instanceof OwnServer.Ready.Log ready) {
            awaitLogged(ready.text());
        }
        List<String> all = new ArrayList<>(List.of(
                "server=",
                "duration=",
                "target=127.0.0.1:" + port,
                "connections=" + CONNECTIONS,
                "load={closed: {concurrency: 4}}",
                Profiles.transportSetting(),
                "client.exchangeTimeout=30s"));
        all.addAll(List.of(sets));
        return ProfileReader.read(file, all);
    }

    private static boolean isInstalled(String program) {
        return List.of("/usr/bin", "/usr/sbin", "/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private void awaitListening() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !server.isAlive()) {
                    throw new IOException(Files.readString(home.resolve("log")), e);
                }
                Thread.sleep(20);
            }
        }
    }

    private void awaitLogged(String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (logged(text) == 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            List<ProcessHandle> children = server.descendants().toList();
            server.destroy();
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
            children.forEach(ProcessHandle::destroy);
        }
    }

    private static Summary runs(Profile profile) throws Exception {
        Summary summary = IsolatedRun.onHost(profile);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                .as("%s", summary.causes())
                .isEqualTo(CONNECTIONS);
        return summary;
    }

    private static long exchanges(Summary summary, String step) {
        return summary.latencies().ofKey("step." + step).count();
    }

    /** What the server answers to one line. */
    private String ask(String line, String end) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[4096];
            while (answer.indexOf(end) < 0) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        }
    }

    private static long number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private long logged(String text) throws Exception {
        return Files.readAllLines(home.resolve("log"), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains(text))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fin", "rst", "half-close"})
    void redisCountsTheSameCommands(String how) throws Exception {
        Profile profile = start("redis", "redis-server", "redis-server", "mix.mixed.close.how=" + how);
        long before = number(ask("INFO stats\r\n", "\r\n\r\n"), "total_connections_received:(\\d+)");

        Summary summary = runs(profile);

        String stats = ask("INFO everything\r\n", "# Keyspace");
        long gets = exchanges(summary, "get");
        assertThat(number(stats, "cmdstat_set:calls=(\\d+)")).isEqualTo(exchanges(summary, "set"));
        assertThat(number(stats, "cmdstat_get:calls=(\\d+)")).isEqualTo(gets).isPositive();
        long pinged = summary.mixes().getFirst().outcomes().count(ConnectionOutcome.COMPLETED);
        assertThat(number(stats, "cmdstat_ping:calls=(\\d+)")).isEqualTo(pinged + 10 * exchanges(summary, "ten"));
        assertThat(number(stats, "total_connections_received:(\\d+)") - before).isEqualTo(CONNECTIONS + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fin", "rst", "half-close"})
    void memcachedCountsTheSameCommands(String how) throws Exception {
        Profile profile = start("memcached", "memcached", "memcached", "mix.kept.close.how=" + how);

        Summary summary = runs(profile);

        String stats = ask("stats\r\n", "END\r\n");
        long sets = exchanges(summary, "set");
        assertThat(number(stats, "STAT cmd_set (\\d+)")).isEqualTo(sets).isPositive();
        assertThat(number(stats, "STAT get_hits (\\d+)")).isEqualTo(sets);
        assertThat(number(stats, "STAT get_misses (\\d+)")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fin", "rst", "half-close"})
    void postgresAuthorizesEverySession(String how) throws Exception {
        Profile profile = start("postgres-startup", "psql", "postgresql", "mix.twenty.close.how=" + how);

        Summary summary = runs(profile);

        assertThat(exchanges(summary, "ssl")).isEqualTo(CONNECTIONS);
        assertThat(exchanges(summary, "startup")).isEqualTo(CONNECTIONS);
        stop();
        assertThat(logged("connection authorized: user=tcplab")).isEqualTo(CONNECTIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{by: server}", "{how: fin}", "{how: half-close}"})
    void theMailServerHearsEveryWord(String close) throws Exception {
        Profile profile = start("smtp-greeting", "python3", "python3", "mix.kept.close=" + close);

        Summary summary = runs(profile);

        assertThat(exchanges(summary, "greeting")).isEqualTo(CONNECTIONS);
        stop();
        assertThat(logged("NOOP")).isEqualTo(exchanges(summary, "noop")).isPositive();
        assertThat(logged("QUIT")).isEqualTo(CONNECTIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fin", "rst", "half-close"})
    void dnsmasqAnswersEveryQuery(String how) throws Exception {
        Profile profile = start("dns-over-tcp", "dnsmasq", "dnsmasq-base", "mix.kept.close.how=" + how);

        Summary summary = runs(profile);

        stop();
        assertThat(logged("query[A] tcplab.test"))
                .isEqualTo(exchanges(summary, "answer"))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{by: server}", "{how: fin}", "{how: rst}"})
    void mosquittoSeesEveryClient(String close) throws Exception {
        Profile profile = start("mqtt-connect", "mosquitto", "mosquitto", "mix.kept.close=" + close);

        Summary summary = runs(profile);

        assertThat(exchanges(summary, "connect")).isEqualTo(CONNECTIONS);
        stop();
        assertThat(logged("New client connected")).isEqualTo(CONNECTIONS);
    }
}
