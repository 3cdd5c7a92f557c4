package io.tcplab.loadgen.judge.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.result.Verdict;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With {@code -Dtcplab.refresh=true} the page of all warnings is made anew. */
@Timeout(60)
class WarningsTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "tcplab", "loadgen", "judge", "warning");

    private static final Pattern KEY = Pattern.compile("\\b(client)\\.([a-zA-Z]+)");

    static List<RunWarning> everyWarning() {
        return Warnings.KINDS.stream().map(Warnings.Kind::example).toList();
    }

    @Test
    void everyRecordOfAWarningIsListedOnce() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<String> records = files.filter(WarningsTest::isAWarning)
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .toList();
            assertThat(everyWarning().stream().map(each -> each.getClass().getSimpleName()))
                    .containsExactlyInAnyOrderElementsOf(records);
        }
    }

    private static boolean isAWarning(Path file) {
        try {
            return Files.readString(file).contains("implements RunWarning");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("everyWarning")
    void eachSaysWhatWasSeenAndWhatToDo(RunWarning warning) {
        assertThat(warning.message()).doesNotContain("%s", "%d", "null").hasSizeBetween(30, 250);
        assertThat(warning.message().matches("(?s).*\\d.*"))
                .as("figures in words where it has any")
                .isEqualTo(warning.evidence().values().stream().anyMatch(value -> value instanceof Number));
        assertThat(warning.advice()).hasSizeGreaterThan(8).doesNotContain("null");
        assertThat(warning.when()).isNotBlank().doesNotEndWith(".");
    }

    @ParameterizedTest
    @MethodSource("everyWarning")
    void aKeyOfTheProfileThatIsNamedExists(RunWarning warning) throws IOException {
        JsonNode keys = JsonMapper.shared()
                .readTree(Files.readString(Path.of("..", "profiles", "profile.schema.json")))
                .path("properties");
        Matcher named = KEY.matcher(warning.message() + " " + warning.advice());
        while (named.find()) {
            assertThat(keys.path(named.group(1)).path("properties").has(named.group(2)))
                    .as(named.group())
                    .isTrue();
        }
    }

    @Test
    void thePageOfWarningsIsTheOneOfTheRecords() throws IOException {
        Path page = DOCS.resolve("warnings.md");
        if (Boolean.getBoolean("tcplab.refresh")) {
            Files.writeString(page, WarningPage.of());
        }
        assertThat(Files.readString(page)).isEqualTo(WarningPage.of());
    }

    @Test
    void aFaultInFindingOneKindCostsTheResultItsValidityAndNotTheOthers() {
        List<RunWarning> found =
                Warnings.in(new Facts(null, null, null, null, Facts.Mishaps.NONE, OptionalDouble::empty));

        assertThat(found).hasSizeGreaterThan(10).allMatch(PartFailed.class::isInstance);
        assertThat(Warnings.leaveValid(found)).isFalse();
    }

    @Test
    void thePortArithmeticIsShown() {
        assertThat(LocalPortsExhausted.EXAMPLE.message())
                .isEqualTo(
                        "1,204 connects found no local port (EADDRNOTAVAIL): 28,232 ports × 1 source ÷ 60 s of TIME_WAIT"
                                + " sustain 471 connections/s");
    }

    @Test
    void theEvidenceIsTheFiguresByName() {
        assertThat(AcceptQueueOverflowed.EXAMPLE.evidence())
                .containsEntry("overflows", 40L)
                .containsEntry("limit", 16L)
                .containsEntry("setBy", "listen");
        assertThat(CloseWaitStays.EXAMPLE.evidence()).containsEntry("side", "server");
    }

    @Test
    void everyKeyAndColumnIsExplained() throws IOException {
        String docs = Files.readString(DOCS.resolve("results.md"));
        assertThat(docs)
                .contains(
                        TimelineWriter.COLUMNS.stream().map(c -> "`" + c + "`").toList());
        assertThat(docs)
                .contains(Stream.of(Head.class, Verdict.class, Measured.class, Observed.class)
                        .flatMap(part -> Arrays.stream(part.getRecordComponents()))
                        .map(RecordComponent::getName)
                        .map(key -> "| `" + key + "` |")
                        .toList());
        assertThat(docs)
                .contains(Arrays.stream(ConnectionOutcome.values())
                        .map(o -> "| `" + o.key() + "` |")
                        .toList());
        assertThat(docs)
                .contains(Arrays.stream(Metric.values())
                        .map(m -> "| `" + m.key() + "` |")
                        .toList());
    }
}
