package io.tcplab.loadgen.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.judge.warning.InvariantBroken;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class TextReportTest {

    @TempDir
    private Path directory;

    private final String text = TextReport.render(
            Examples.summary(), null, Path.of("results/20261121T073000Z-short-vs-keepalive"), Ink.PLAIN);

    @Test
    void noLineIsWiderThanEightyColumns() {
        assertThat(text.lines())
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
    }

    @Test
    void whatMattersIsThere() {
        assertThat(text)
                .contains("short-vs-keepalive · 10 s · 24 errors (0.048%), 5 exchange errors · valid")
                .contains("offered 5,000/s → attempted 5,000/s → achieved 4,997/s")
                .containsPattern("connect +short +40,000")
                .containsPattern("\n +keepalive +10,000")
                .contains("12 refused: connect failed with ECONNREFUSED")
                .contains("17 of 16")
                .contains("2 of 2 of our counts agree with the kernel's")
                .contains("✓ connect.p99 < 5ms", "✗ errors.rate < 0.01%", "is 0.048%")
                .contains("! acceptQueueOverflowed")
                .contains("results/20261121T073000Z-short-vs-keepalive");
    }

    @Test
    void oneIsSingular() throws IOException {
        ObjectNode tree = (ObjectNode) JsonText.MAPPER.readTree(JsonText.of(Examples.summary()));
        ((ObjectNode) tree.path("outcomes"))
                .removeAll()
                .put("started", 100)
                .put("completed", 99)
                .put("reset", 1);
        ((ObjectNode) tree.path("exchanges")).put("lost", 1);
        ((ObjectNode) tree.path("generator").path("gcPauses")).put("count", 1);
        Path file = Files.writeString(directory.resolve("summary.json"), tree.toString());
        assertThat(TextReport.render(SummaryJson.read(file), null, null, Ink.PLAIN)
                        .replaceAll("\\s+", " "))
                .contains(" · 1 error (1%), 1 exchange error · valid", ", one GC pause of 2.25 ms");
    }

    /** Seconds count from the recorded part: an observer that went before it has seen the warm-up alone. */
    @ParameterizedTest
    @CsvSource({"2.5, 'server, until 2.5 s'", "0, 'server, warm-up only'", "-0.419, 'server, warm-up only'"})
    void aSideThatWasNotSeenToTheEndSaysUntilWhen(double second, String heading) throws IOException {
        ObjectNode tree = (ObjectNode) JsonText.MAPPER.readTree(JsonText.of(Examples.summary()));
        ((ObjectNode) tree.path("kernel").path("server")).put("partialFromSecond", second);
        Path file = Files.writeString(directory.resolve("summary.json"), tree.toString());
        assertThat(TextReport.render(SummaryJson.read(file), null, null, Ink.PLAIN))
                .containsPattern("client +" + heading + "\n")
                .doesNotContain("until -", "until 0");
    }

    @Test
    void whatFailedStandsBeforeWhatWasMeasured() {
        assertThat(text.indexOf("Not completed")).isPositive().isLessThan(text.indexOf("Connections"));
        assertThat(TextReport.render(Examples.summary(), null, null, Ink.COLOUR))
                .containsPattern("\u001b\\[1;31m24 errors \\(0.048%\\)[^·]*· [^·]*valid");
    }

    @Test
    void aWeakPercentileIsMarked() {
        Summary few = Examples.summaryWith(Examples.latencies(1, 500));
        assertThat(TextReport.render(few, null, null, Ink.PLAIN))
                .containsPattern("connect +500 +[0-9.]+ µs +[0-9.]+ µs +~")
                .contains("fewer than ten samples");
    }

    @Test
    void theMembersRatesAddUpToTheRuns() {
        assertThat(text)
                .containsPattern("short +40,000 +39,985 +12 +3 +3,999 ")
                .containsPattern("keepalive +10,000 +9,988 +12 +0 +999 ")
                .containsPattern("all +50,000 +49,973 +24 +3 +4,997 +104,000");
    }

    @Test
    void anInvalidResultSaysSoAtTheTop() {
        Summary broken = Examples.invalid(new InvariantBroken("started = sum of outcomes", 5, 4).inWords());
        assertThat(TextReport.render(broken, null, null, Ink.PLAIN).lines().limit(3))
                .anySatisfy(line -> assertThat(line).contains("NOT VALID"));
    }

    @Test
    void colourNeedsATerminalThatDoesNotRefuseIt() {
        assertThat(Ink.of(true, Map.of("TERM", "xterm"))).isEqualTo(Ink.COLOUR);
        assertThat(Ink.of(false, Map.of())).isEqualTo(Ink.PLAIN);
        assertThat(Ink.of(true, Map.of("NO_COLOR", "1"))).isEqualTo(Ink.PLAIN);
        assertThat(Ink.of(true, Map.of("TERM", "dumb"))).isEqualTo(Ink.PLAIN);
        assertThat(text).doesNotContain("\u001b");
        assertThat(TextReport.render(Examples.summary(), null, null, Ink.COLOUR))
                .contains("\u001b[1m");
    }

    @Test
    void timesReadWell() {
        assertThat(List.of(0.85, 13.62, 999.7, 1_050.0, 2_300_000.0).stream().map(InWords::micros))
                .containsExactly("850 ns", "13.6 µs", "1.00 ms", "1.05 ms", "2.30 s");
    }
}
