package io.tcplab.loadgen.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** A load that would have held, had the generator not been late. */
    private static LimitTry spoilt(double value) {
        Summary plain = Examples.summary();
        Verdict.Warning late =
                new Verdict.Warning("generatorStopped", "The generator did not run for 2 s.", "again", Map.of(), true);
        return LimitTry.of(
                LimitFigure.RATE,
                value,
                0,
                plain.with(new Verdict(false, List.of(late), List.of(new Verdict.ThresholdResult("a < 1", 0.0, true)))),
                Path.of("limit", "try"));
    }

    private static LimitTry tried(double value, boolean held) {
        List<String> missed = held ? List.of() : List.of("errors.count < 1");
        return new LimitTry(value, missed, Examples.summary(), Path.of("limit", "try"));
    }

    @Test
    void aLoadThatOnlyInvalidResultsHeldIsNoLimitOfTheTargets() {
        LimitSearch.Bracket bracket = new LimitSearch.Bracket(10, 20);
        Limit limit = Limit.of(LimitFigure.RATE, bracket, List.of(tried(10, true), spoilt(20), spoilt(20)), true);
        assertThat(limit.isOurOwn()).isTrue();
        assertThat(limit.sentence()).startsWith("The target's limit is not known: the generator ended the search");
        assertThat(limit.text())
                .contains("is not valid: The generator did not run for 2 s.\n", "✗ not valid (generatorStopped)");
    }

    @Test
    void whatSpoiltATryThatWasMadeAgainIsNotWhatEndedTheSearch() {
        LimitSearch.Bracket bracket = new LimitSearch.Bracket(10, 20);
        Limit again = Limit.of(
                LimitFigure.RATE, bracket, List.of(spoilt(10), tried(10, true), spoilt(20), tried(20, false)), true);
        assertThat(again.isOurOwn()).isFalse();
    }

    @Test
    void whereNoResultIsValidNothingIsKnown() {
        LimitSearch.Bracket none = new LimitSearch.Bracket(0, 1);
        Limit unknown = Limit.of(LimitFigure.RATE, none, List.of(spoilt(2), spoilt(2), spoilt(1), spoilt(1)), true);
        assertThat(unknown.nothingIsKnown()).isTrue();
        assertThat(unknown.sentence())
                .isEqualTo("The target's limit is not known: no result was valid, even at 1 connections/s.");
        assertThat(Limit.of(LimitFigure.RATE, none, List.of(spoilt(1), tried(1, false)), true)
                        .nothingIsKnown())
                .isFalse();
    }

    @Test
    void theJunitReportFailsWhereNoLoadHeld() {
        assertThat(LimitJunit.of("short", limit(1000, 1030)))
                .contains("<testsuite name=\"tcplab.limit.short\" tests=\"2\" failures=\"0\" errors=\"0\"");
        assertThat(LimitJunit.of("short", limit(0, 1))).contains("failures=\"1\"", "<failure message=\"No load held");
    }
}
