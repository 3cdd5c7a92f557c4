package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0s, 0",
        "1ns, 1",
        "500us, 500000",
        "500µs, 500000",
        "10ms, 10000000",
        "' 2s ', 2000000000",
        "1.5s, 1500000000",
        "1m, 60000000000",
        "1min, 60000000000",
        "24h, 86400000000000",
        "999999999999h, 9223372036854775807",
    })
    void aDurationIsANumberAndItsUnit(String text, long nanos) {
        assertThat(DurationText.parse(text).toNanos()).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "10 ms", "s", "-1s", "1e3ms", "1.5ns", "2 weeks", "1S", "PT5S"})
    void whatHasNoUnitOrIsFinerThanANanosecondIsRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("500us");
    }
}
