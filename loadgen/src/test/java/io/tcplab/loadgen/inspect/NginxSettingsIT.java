package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx's own settings, as an inspection finds them: times within what a busy machine adds, and closes by FIN or RST. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NginxSettingsIT {

    private static final String SETTINGS = "keepalive_timeout 3s; keepalive_requests 10; client_body_timeout 2s; "
            + "client_header_timeout 1s; reset_timedout_connection %s; lingering_close %s;";

    @TempDir
    private static Path home;

    private static Inspections<String, Inspected> inspections;

    @BeforeAll
    static void begin() {
        List<String> settings = List.of("on, off", "off, on", "off, always");
        inspections = Inspections.begin(settings.size(), settings, NginxSettingsIT::inspected);
    }

    @AfterAll
    static void end() {
        inspections.close();
    }

    private static Inspected inspected(String settings) throws Exception {
        String[] resetsAndLingers = settings.split(", ", -1);
        try (NginxProcess nginx = NginxProcess.start(home, SETTINGS.formatted((Object[]) resetsAndLingers))) {
            return Inspected.of(nginx.address(), Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @CsvSource({"on, off, reset", "off, on, closed by FIN", "off, always, closed by FIN"})
    void timesLimitsAndClosesAreThoseThatAreSet(String resets, String lingers, String slow) throws Exception {
        Inspected inspected = inspections.of(resets + ", " + lingers);
        assertThat(inspected.observed("I1")).isEqualTo("closed by FIN");
        assertThat(inspected.seconds("I1", "closedAfterSeconds")).isCloseTo(3.0, within(0.3));
        assertThat(inspected.observed("I3")).isEqualTo("limit announced");
        assertThat(inspected
                        .check("I3")
                        .at("/evidence/figures/requestsAnswered")
                        .asInt())
                .isEqualTo(10);
        // It discards a body of known length before it closes, whatever lingering_close says
        // (ngx_http_discard_request_body).
        assertThat(inspected.observed("C5")).isEqualTo("the answer arrives");
        assertThat(inspected.observed("S1")).startsWith("slow head: " + slow);
        assertThat(inspected.seconds("S1", "headSeconds")).isCloseTo(1.0, within(0.3));
        assertThat(inspected.observed("I2")).isEqualTo("narrow");
    }

    /** Where the body is read, its timeout is found too. */
    @Test
    void theTimeoutOfABodyIsFoundWhereTheBodyIsRead() throws Exception {
        try (NginxProcess nginx = NginxProcess.start(home, SETTINGS.formatted("on", "on"))) {
            Inspected inspected =
                    Inspected.of(nginx.address(), Duration.ofSeconds(5), "--check", "S1,C5", "--path", "/reads");
            assertThat(inspected.seconds("S1", "bodyStopsSeconds")).isCloseTo(2.0, within(0.3));
            assertThat(inspected.observed("S1")).contains("body that stops: reset");
            assertThat(inspected.verdict("S1")).isEqualTo("unusual");
        }
    }

    /** What is set differently is no longer what an earlier inspection has written. */
    @ParameterizedTest
    @CsvSource({"1s, 10, 0, ''", "3s, 10, 3, I1", "1s, 20, 3, I3"})
    void anotherSettingIsExitCodeThree(String timeout, int requests, int exitCode, String unmet) throws Exception {
        Path expected = home.resolve("expect-" + timeout + requests + ".yaml");
        Duration patience = Duration.ofSeconds(5);
        try (NginxProcess nginx = NginxProcess.start(home, "keepalive_timeout 1s; keepalive_requests 10;")) {
            Inspected first =
                    Inspected.of(nginx.address(), patience, "--check", "I1,I3", "--write-expect", expected.toString());
            assertThat(first.exitCode()).isZero();
        }
        try (NginxProcess nginx =
                NginxProcess.start(home, "keepalive_timeout " + timeout + "; keepalive_requests " + requests + ";")) {
            Inspected second =
                    Inspected.of(nginx.address(), patience, "--check", "I1,I3", "--expect", expected.toString());
            assertThat(second.exitCode()).isEqualTo(exitCode);
            List<String> ids = new ArrayList<>();
            second.json().get("expectations").forEach(each -> {
                if (!each.get("met").asBoolean()) {
                    ids.add(each.get("id").asString());
                }
            });
            assertThat(ids).isEqualTo(unmet.isEmpty() ? List.of() : List.of(unmet));
        }
    }

    /** A timeout that is announced shorter than it is, and one finding only: the head that is cut off by RST. */
    @Test
    void whatIsAnnouncedMayBeShorterThanWhatIsSet() throws Exception {
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
}
