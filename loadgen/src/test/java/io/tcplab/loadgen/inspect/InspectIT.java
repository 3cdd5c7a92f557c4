package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.Companion;
import io.tcplab.companion.control.SettingsJson;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class InspectIT {

    @Test
    void theCompanionHasNoFindingOverHttp() throws Exception {
        try (Companion companion = Companion.start(SettingsJson.read("{\"protocol\": \"HTTP\"}"))) {
            Inspected inspected = Inspected.of(companion.address(), Duration.ofSeconds(2));
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.verdict("C3")).isEqualTo("asExpected");
        }
    }

    @Test
    void aServerOfAnotherProtocolIsAskedByConnectionsAlone() throws Exception {
        try (Companion companion = Companion.start(SettingsJson.read("{\"protocol\": \"ECHO\"}"))) {
            Inspected inspected = Inspected.of(companion.address(), Duration.ofSeconds(2), "--protocol", "none");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.ids()).contains("B1", "C2").doesNotContain("C3");
        }
    }
}
