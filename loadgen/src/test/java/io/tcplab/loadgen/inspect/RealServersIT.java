package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers: two inspections of one server agree. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealServersIT {

    private static final int AT_A_TIME = 3;

    @TempDir
    private static Path home;

    private static Inspections<String, List<TreeMap<String, String>>> inspections;

    @BeforeAll
    static void begin() {
        inspections = Inspections.begin(AT_A_TIME, webServers(), RealServersIT::twice);
    }

    @AfterAll
    static void end() {
        inspections.close();
    }

    static List<String> webServers() {
        return List.of("nginx", "apache", "lighttpd", "haproxy", "node", "python", "jdk", "netty");
    }

    @ParameterizedTest
    @MethodSource("webServers")
    void twoInspectionsOfAWebServerAgree(String name) throws Exception {
        List<TreeMap<String, String>> both = inspections.of(name);
        assertThat(both.getLast()).isEqualTo(both.getFirst());
    }

    private static List<TreeMap<String, String>> twice(String name) throws Exception {
        try (RealServer server = RealServer.start(name, Files.createTempDirectory(home, name))) {
            return List.of(verdicts(server), verdicts(server));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "memcached"})
    void aServerOfAnotherProtocolIsAskedByItsScript(String name) throws Exception {
        try (RealServer server = RealServer.start(name, Files.createTempDirectory(home, name))) {
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

    /** It answers 501 at once and closes with the body unread: tcpdump shows the RSTs. */
    @Test
    void anUploadToPythonIsBrokenByAnRst() throws Exception {
        try (RealServer server = RealServer.start("python", Files.createTempDirectory(home, "python"))) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "C5");
            assertThat(inspected.verdict("C5")).isEqualTo("harmful");
        }
    }
}
