package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.TypeConversionException;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class DurationOptionTest {

    @Test
    void aDurationHasAUnit() {
        assertThat(new DurationOption().convert("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThatThrownBy(() -> new DurationOption().convert("4")).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void howLongToGoOnMayBeBareSeconds() {
        assertThat(new DurationOption.OrSeconds().convert("4")).isEqualTo(Duration.ofSeconds(4));
        assertThat(new DurationOption.OrSeconds().convert("250ms")).isEqualTo(Duration.ofMillis(250));
    }
}
