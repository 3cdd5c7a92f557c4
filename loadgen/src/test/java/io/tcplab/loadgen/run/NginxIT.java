package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real nginx: what we count is what its access log counts. */
@OverEachTransport
@Timeout(60)
class NginxIT {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    @TempDir
    private Path home;

    private Process nginx;
    private int port;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(NGINX), "needs nginx (Debian: nginx-light)");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(home.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/pid;
                error_log %1$s/error.log;
                events {}
                http {
                  access_log %1$s/access.log;
                  client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                  uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                  server { listen 127.0.0.1:%2$d; location / { return 200 "hello from nginx"; } }
                }
                """.formatted(home, port));
        nginx = new ProcessBuilder(
                        NGINX.toString(),
                        "-p",
                        home.toString(),
                        "-c",
                        home.resolve("nginx.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile())
                .start();
        awaitListening();
    }

    private void awaitListening() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !nginx.isAlive()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"http-short, 1", "http-keepalive, 10"})
    void ourCountsAreNginxsOwn(String name, int exchanges) throws Exception {
        Profile profile = Profiles.of("""
                name: %s
                target: 127.0.0.1:%d
                connections: 23
                load: {closed: {concurrency: 3}}
                protocol: http
                mix: [{name: only, exchanges: %d, close: {by: server, how: fin}}]
                """.formatted(name, port, exchanges));
        Summary summary = IsolatedRun.onHost(profile);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                .as("%s", summary.causes())
                .isEqualTo(23);
        stop();
        nginx = null;
        List<String> log = Files.readAllLines(home.resolve("access.log"));
        assertThat(log.stream().filter(line -> line.contains("\"GET / HTTP/1.1\" 200")))
                .hasSize(23 * exchanges);
        assertThat(log).filteredOn(line -> line.contains(" 400 ")).isEmpty();
    }
}
