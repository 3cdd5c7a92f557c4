package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MeasureTest {

    @ParameterizedTest
    @CsvSource({
        "DURATION, 500us, 500000",
        "DURATION, 1.5s, 1500000000",
        "DURATION, 1m, 60000000000",
        "DURATION, 1min, 60000000000",
        "DURATION, 0, 0",
        "DURATION, 10, -1",
        "DURATION, 5 s, -1",
        "DURATION, 0.5ns, -2",
        "SIZE, 64, 64",
        "SIZE, 4k, 4096",
        "SIZE, 4kB, 4000",
        "SIZE, 1.5MiB, 1572864",
        "SIZE, 4kib, -1",
        "COUNT, 10k, 10000",
        "COUNT, 5.0, 5",
        "COUNT, 5.5, -2",
        "COUNT, 999999999999999999M, 9223372036854775807",
        "COUNT, -5, -1",
        "COUNT, '', -1",
    })
    void aTextIsReadInBaseUnits(Measure measure, String text, long value) {
        assertThat(measure.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 999, 1_000, 1_024, 1_500_000, 60_000_000_000L, 90_000_000_000L, 1L << 30, Long.MAX_VALUE - 1
            })
    void whatIsWrittenIsReadAsTheSame(long value) {
        for (Measure measure : Measure.values()) {
            if (value < 1_000_000_000_000_000_000L) {
                assertThat(measure.parse(measure.format(value)))
                        .as(measure.format(value))
                        .isEqualTo(value);
            }
        }
    }

    @Test
    void aRateIsPerSecond() {
        assertThat(Measure.parseRate("5k/s")).isEqualTo(5000);
        assertThat(Measure.parseRate("300/min")).isEqualTo(5);
        assertThat(Measure.parseRate("3600/h")).isEqualTo(1);
        assertThat(Measure.parseRate("7")).isEqualTo(7);
        assertThat(Measure.parseRate("5k/x")).isNaN();
        assertThat(Measure.parseRate(Measure.formatRate(100.0 / 60))).isEqualTo(100.0 / 60);
    }
}
