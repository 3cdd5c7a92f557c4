package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.AcceptSettings;
import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class JsonTest {

    @Test
    void everyKindOfValueIsRead() {
        Map<String, Object> object = Json.parse(
                "{\"a\":1,\"b\":-2.5,\"c\":\"x\\n\",\"d\":true,\"e\":null,\"f\":[1,[2],{\"g\":3}],\"h\":{}}");
        assertThat(object)
                .containsEntry("a", 1L)
                .containsEntry("b", -2.5)
                .containsEntry("c", "x\n")
                .containsEntry("d", true)
                .containsEntry("e", null)
                .containsEntry("f", List.of(1L, List.of(2L), Map.of("g", 3L)))
                .containsEntry("h", Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{",
                "{\"a\":}",
                "{\"a\" 1}",
                "{\"a\":[1",
                "rubbish",
                "{\"a\":99999999999999999999}"
            })
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyCountSurvivesTheWay() throws Exception {
        CompanionCounts counts = new CompanionCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 1.5);
        String text = Json.object(to -> CountsJson.write(to, counts));
        assertThat(CountsJson.read(Json.parse(text))).isEqualTo(counts);
        assertThat(Json.parse(text).keySet())
                .containsExactlyElementsOf(Arrays.stream(CompanionCounts.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void everySettingSurvivesTheWay() {
        CompanionSettings settings = new CompanionSettings(
                "::1",
                9001,
                new AcceptSettings(17, 5, true, 3, false, 4096, 8192, 2, 9),
                ServedProtocol.NONE,
                CloseOnAccept.parse("linger 3"),
                new ServedTls("c.pem", "k.pem"),
                250);
        assertThat(SettingsJson.read(SettingsJson.write(settings))).isEqualTo(settings);
        assertThat(SettingsJson.read(SettingsJson.write(CompanionSettings.DEFAULTS)))
                .isEqualTo(CompanionSettings.DEFAULTS);
        assertThat(SettingsJson.read("{}")).isEqualTo(CompanionSettings.DEFAULTS);
    }
}
