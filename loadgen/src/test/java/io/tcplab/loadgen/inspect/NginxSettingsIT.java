package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
    private Path home;

    @ParameterizedTest
    @CsvSource({"on, off, reset", "off, on, closed by FIN", "off, always, closed by FIN"})
    void timesLimitsAndClosesAreThoseThatAreSet(String resets, String lingers, String slow) throws Exception {
        try (NginxProcess nginx = NginxProcess.start(home, SETTINGS.formatted(resets, lingers))) {
            Inspected inspected = Inspected.of(nginx.address(), Duration.ofSeconds(5));
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
}
