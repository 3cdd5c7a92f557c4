package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.protocol.CloseStyle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CompanionSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "none, , 0",
        "FIN, FIN, 0",
        "rst, RST, 0",
        "half-close, HALF_CLOSE, 0",
        "linger 2, LINGER, 2",
        "linger 30s, LINGER, 30",
        "abandon, ABANDON, 0"
    })
    void aCloseIsReadAndWrittenTheSameWay(String text, @Nullable CloseStyle how, int seconds) {
        CloseOnAccept close = CloseOnAccept.parse(text);
        assertThat(close).isEqualTo(new CloseOnAccept(how, seconds));
        assertThat(CloseOnAccept.parse(close.toString())).isEqualTo(close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linger", "linger x", "linger 256", "close", "fin rst"})
    void aCloseThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> CloseOnAccept.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsOutsideTheirLimitsCannotBeMade() {
        assertThatThrownBy(() -> SettingsWith.of("port", 65_536)).hasMessage("port is 65536, allowed is 0 … 65535");
        assertThatThrownBy(() -> SettingsWith.of("eventLoops", 0)).hasMessageContaining("event loops");
        assertThatThrownBy(() -> SettingsWith.of("backlog", -1)).hasMessageContaining("backlog");
        assertThatThrownBy(() -> SettingsWith.of("closeOnAccept", "fin")).hasMessageContaining("protocol none");
    }

    @ParameterizedTest
    @CsvSource({
        "/, 64",
        "/?size=10, 10",
        "/x?a=b&size=1073741824, 1073741824",
        "/?size=1073741825, -1",
        "/?size=-5, -1",
        "/?size=, -1",
        "/?size=9x, -1",
        "/size=9, 64"
    })
    void theSizeOfAnHttpBodyIsReadFromTheQuery(String uri, int size) {
        assertThat(HttpAsked.sizeOf(uri)).isEqualTo(size);
    }
}
