package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers: an inspection finds their settings, and two of one server agree. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealServersIT {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "apache", "lighttpd", "haproxy", "node", "python", "jdk"})
    void twoInspectionsOfAWebServerAgree(String name) throws Exception {
        try (RealServer server = RealServer.start(name, home)) {
            TreeMap<String, String> first = verdicts(server);
            assertThat(verdicts(server)).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "memcached"})
    void aServerOfAnotherProtocolIsAskedByItsScript(String name) throws Exception {
        try (RealServer server = RealServer.start(name, home)) {
            Inspected inspected = Inspected.of(
                    server.address(), Duration.ofSeconds(1), "--script", "../profiles/protocols/" + name + ".yaml");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.ids())
                    .containsExactly("B1", "B2", "B3", "B4", "B5", "B6", "C2", "C3", "C6", "I1", "I2", "I3", "R2");
            assertThat(inspected.observed("B5")).isEqualTo("sends keepalive probes");
            assertThat(inspected.observed("C3")).isEqualTo("answers, then closes by FIN");
        }
    }

    private static TreeMap<String, String> verdicts(RealServer server) {
        return Inspected.of(server.address(), Duration.ofSeconds(1), "--large-path", "/large")
                .verdicts();
    }

    /** What is set is found: idle timeout, limit, header timeout by RST, and a refused upload that is read on. */
    @Test
    void nginxIsFoundAsItIsConfigured() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(NGINX), "needs nginx (Debian: nginx-light)");
        String settings = "keepalive_timeout 2s 1s; keepalive_requests 10; client_header_timeout 1500ms; "
                + "client_body_timeout 1s; reset_timedout_connection on;";
        try (Nginx nginx = Nginx.start(home, settings)) {
            Inspected inspected = Inspected.of(nginx.address, Duration.ofSeconds(4));
            assertThat(inspected.observed("I1")).isEqualTo("closed by FIN");
            assertThat(inspected.seconds("I1", "closedAfterSeconds")).isCloseTo(2.0, within(0.1));
            assertThat(inspected
                            .check("I1")
                            .at("/evidence/figures/announcedSeconds")
                            .asInt())
                    .isEqualTo(1);
            assertThat(inspected.observed("I3")).isEqualTo("limit announced");
            assertThat(inspected
                            .check("I3")
                            .at("/evidence/figures/requestsAnswered")
                            .asInt())
                    .isEqualTo(10);
            assertThat(inspected.observed("S1")).startsWith("slow head: reset");
            assertThat(inspected.seconds("S1", "headSeconds")).isCloseTo(1.5, within(0.1));
            assertThat(inspected.observed("C5")).isEqualTo("the answer arrives");
            assertThat(inspected.findings().keySet()).containsExactly("S1");
        }
    }

    /** It answers 501 at once and closes with the body unread: tcpdump shows the RSTs. */
    @Test
    void anUploadToPythonIsBrokenByAnRst() throws Exception {
        try (RealServer server = RealServer.start("python", home)) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "C5");
            assertThat(inspected.verdict("C5")).isEqualTo("harmful");
        }
    }

    /** nginx with settings of its own. */
    private record Nginx(Process process, InetSocketAddress address) implements AutoCloseable {

        static Nginx start(Path home, String settings) throws Exception {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path directory = Files.createTempDirectory(home, "nginx");
            Files.writeString(directory.resolve("nginx.conf"), """
                    daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                    events {}
                    http { access_log off; %3$s
                      client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                      uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                      server { listen 127.0.0.1:%2$d; location = / { return 200 "hello"; } } }
                    """.formatted(directory, port, settings));
            List<String> command = new ArrayList<>(List.of(NGINX.toString(), "-p", directory.toString()));
            command.addAll(List.of("-c", directory.resolve("nginx.conf").toString()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Nginx nginx = new Nginx(process, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (System.nanoTime() < end) {
                try (Socket socket = new Socket()) {
                    socket.connect(nginx.address);
                    return nginx;
                } catch (IOException _) {
                    Thread.sleep(20);
                }
            }
            throw new IOException("nginx does not listen");
        }

        @Override
        public void close() {
            process.destroy();
            assertThat(process.onExit().orTimeout(10, TimeUnit.SECONDS).join()).isNotNull();
        }
    }
}
