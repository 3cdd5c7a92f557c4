package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers: an inspection finds their settings, and two of one server agree. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealServersIT {

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "apache", "lighttpd", "haproxy", "node", "python", "jdk", "netty"})
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
        String settings = "keepalive_timeout 2s 1s; keepalive_requests 10; client_header_timeout 1500ms; "
                + "client_body_timeout 1s; reset_timedout_connection on;";
        try (NginxProcess nginx = NginxProcess.start(home, settings)) {
            Inspected inspected = Inspected.of(nginx.address(), Duration.ofSeconds(4));
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
}
