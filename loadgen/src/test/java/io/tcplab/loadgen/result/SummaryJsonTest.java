package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class SummaryJsonTest {

    private enum Example {
        /** Both sides observed to the end. */
        USUAL(Examples.summary(), "summary.golden.json"),
        /** What is absent there, and absent what is there. */
        UNUSUAL(Examples.unusual(), "summary-unusual.golden.json");

        private final Summary summary;
        private final String golden;

        Example(Summary summary, String golden) {
            this.summary = summary;
            this.golden = golden;
        }
    }

    @TempDir
    Path directory;

    private static final Path KEPT = Path.of("src/test/resources/io/tcplab/loadgen/result");

    /** {@code -Dtcplab.refresh=true} writes it. */
    @ParameterizedTest
    @EnumSource
    void everyKeyIsWhereTheContractSaysItIs(Example example) throws IOException {
        if (Boolean.getBoolean("tcplab.refresh")) {
            Files.writeString(KEPT.resolve(example.golden), JsonText.of(example.summary));
        }
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream(example.golden))) {
            assertThat(JsonText.of(example.summary))
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadBackTheSame(Example example) throws IOException {
        Path file = directory.resolve("summary.json");
        Files.writeString(file, JsonText.of(example.summary));
        assertThat(SummaryJson.read(file)).isEqualTo(example.summary);
    }

    @Test
    void aMetricWithoutSamplesHasCountZeroAndNullFigures() {
        assertThat(JsonText.MAPPER.writeValueAsString(LatencyStats.EMPTY))
                .contains("\"count\" : 0", "\"p99Micros\" : null", "\"meanMicros\" : null");
    }

    @Test
    void anotherSchemaVersionIsRefusedBySentence() throws IOException {
        Path file = directory.resolve("summary.json");
        Files.writeString(
                file, JsonText.of(Examples.summary()).replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 7"));
        assertThatThrownBy(() -> SummaryJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("schemaVersion 7");
    }

    /** As a result that was cut, or edited by hand, lacks one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "profile",
                "startedAt",
                "warnings",
                "thresholds",
                "rates",
                "outcomes",
                "causes",
                "mixes",
                "latencies",
                "kernel",
                "reconciliation",
                "generator",
                "warmup"
            })
    void aSummaryThatLacksAKeyIsRefusedBySentence(String key) throws IOException {
        ObjectNode tree = (ObjectNode) JsonText.MAPPER.readTree(JsonText.of(Examples.summary()));
        tree.remove(key);
        Path file = Files.writeString(directory.resolve("summary.json"), tree.toString());
        assertThatThrownBy(() -> SummaryJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " is not a tcplab summary: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "3", "", "{}", "{\"schemaVersion\": 1}"})
    void otherJsonIsRefusedBySentence(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("summary.json"), text);
        assertThatThrownBy(() -> SummaryJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " ");
    }

    @Test
    void aFileThatIsNotASummaryIsRefusedBySentence() throws IOException {
        Path file = directory.resolve("summary.json");
        Files.writeString(file, "{\"schemaVersion\": 1, \"profile\": [");
        assertThatThrownBy(() -> SummaryJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a tcplab summary");
    }
}
