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

    @Test
    void anOptionThatWasInMillisecondsStillTakesABareNumber() {
        assertThat(new DurationOption.OrMillis().convert("4")).isEqualTo(Duration.ofMillis(4));
        assertThat(new DurationOption.OrMillis().convert("2s")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatTheKernelCountsInSecondsIsAskedForInWholeOnes() {
        CompanionOptions options = new CompanionOptions();
        options.deferAccept = Duration.ofSeconds(2);
        options.observeInterval = Duration.ofMillis(250);
        assertThat(options.settings().accepting().deferAcceptSeconds()).isEqualTo(2);
        assertThat(options.settings().observeIntervalMillis()).isEqualTo(250);
        options.deferAccept = Duration.ofMillis(1500);
        assertThatThrownBy(options::settings).hasMessageContaining("--defer-accept needs whole seconds");
    }
}
