package io.tcplab.loadgen.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.JsonText;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(20)
class LimitTest {

    private static Limit limit(double lower, double upper) {
        LimitTry held = new LimitTry(lower, List.of(), Examples.summary(), Path.of("limit", "try-1"));
        LimitTry missed =
                new LimitTry(upper, List.of("errors.count == 0"), Examples.summary(), Path.of("limit", "try-2"));
        return Limit.of(LimitFigure.RATE, new LimitSearch.Bracket(lower, upper), List.of(held, missed), true);
    }

    private static JsonNode json(double lower, double upper) {
        return JsonText.MAPPER.readTree(limit(lower, upper).json());
    }

    @Test
    void theObjectSaysWhatWasRaisedWhereItEndedAndByWhat() {
        JsonNode limit = json(1000, 1030);
        assertThat(limit.propertyNames()).contains("figure", "value", "interval", "endedBy", "evidence", "tries");
        assertThat(limit.get("figure").asString()).isEqualTo("rate");
        assertThat(limit.get("value").asDouble()).isEqualTo(1000);
        assertThat(limit.get("interval").get(1).asDouble()).isEqualTo(1030);
        assertThat(limit.get("tries").get(1).get("missed").get(0).asString()).isEqualTo("errors.count == 0");
    }

    @Test
    void whereNoLoadHeldThereIsNoValue() {
        assertThat(json(0, 1).get("value").isNull()).isTrue();
    }

    @Test
    void theJunitReportFailsWhereNoLoadHeld() {
        assertThat(LimitJunit.of("short", limit(1000, 1030)))
                .contains("<testsuite name=\"tcplab.limit.short\" tests=\"2\" failures=\"0\" errors=\"0\"");
        assertThat(LimitJunit.of("short", limit(0, 1))).contains("failures=\"1\"", "<failure message=\"No load held");
    }
}
