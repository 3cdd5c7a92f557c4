package io.tcplab.loadgen.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.ResultsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser makes it: its plots are drawn, it says nothing on its console, and no name becomes markup. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class PageInBrowserIT {

    private static final Pattern PLOT = Pattern.compile("class=\"plot\"");
    private static final Pattern DRAWN = Pattern.compile("<canvas");
    private static final Pattern A4 = Pattern.compile("/MediaBox \\[0 0 59[45](\\.\\d+)? 84[12](\\.\\d+)?\\]");

    @TempDir
    private Path place;

    @BeforeEach
    void hasChromium() {
        assumeTrue(Chromium.isInstalled(), "chromium is not installed");
    }

    private Path write(String page) throws IOException {
        return Files.writeString(place.resolve("page.html"), page);
    }

    private static long count(Pattern pattern, String text) {
        return pattern.matcher(text).results().count();
    }

    @Test
    void everyPlotIsDrawnAndTheConsoleIsSilent() throws Exception {
        Path page = write(HtmlReport.fromDirectory(Examples.writeRun(place, 20)));
        Chromium.Shown shown = new Chromium(place).open(page);
        assertThat(shown.console()).isEmpty();
        assertThat(count(DRAWN, shown.dom())).isGreaterThan(8).isEqualTo(count(PLOT, shown.dom()));
        assertThat(shown.dom())
                .contains("class=\"answer\"", "Both sides on one timeline", "Causes", "class=\"marks\"")
                .contains("<button type=\"button\" class=\"copy\">");
    }

    /** It has one reading of the generator, and one of the kernel each tenth of a second. */
    @Test
    void theOneSecondOfAShortRunIsDrawn() throws Exception {
        Path run = Examples.writeRun(place, 1);
        Path timeline = run.resolve(ResultsDirectory.TIMELINE);
        List<String> rows = new ArrayList<>(Files.readAllLines(timeline));
        String server = rows.getLast();
        for (int i = 1; i < 10; i++) {
            rows.add(server.replaceFirst("0\\.000", "0." + i + "00"));
        }
        Files.write(timeline, rows);
        String looked = "<script>setTimeout(() => document.querySelectorAll('.picture .plot').forEach(plot => {"
                + " const canvas = plot.querySelector('canvas');"
                + " const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
                + " const lines = ['34,102,204', '18,135,95'];" // in blue or green, whichever lies above
                + " for (let i = 0; i < all.length; i += 4)"
                + " { if (lines.includes(String([...all.slice(i, i + 3)]))) return; }"
                + " console.error('empty: ' + plot.ariaLabel); }), 500)</script></body>";
        Chromium.Shown shown =
                new Chromium(place).open(write(HtmlReport.fromDirectory(run).replace("</body>", looked)));
        assertThat(shown.dom()).contains("Client: connections per second", "Client: latency");
        assertThat(shown.console()).isEmpty();
    }

    @Test
    void aHostileNameIsTextInTheBrowserToo() throws Exception {
        Path run = Examples.writeRun(place, 5);
        Path summary = run.resolve(ResultsDirectory.SUMMARY);
        String hostile = "</script><img src=x onerror=console.error(1)>'`${1}";
        Files.writeString(summary, Files.readString(summary).replace("short-vs-keepalive", hostile));
        Chromium.Shown shown = new Chromium(place).open(write(HtmlReport.fromDirectories(List.of(run, run))));
        assertThat(shown.console()).isEmpty();
        assertThat(shown.dom()).doesNotContain("<img").contains("&lt;img src=x");
    }

    /** A server's words are in it, and what the cause means is beside it. */
    @Test
    void aLongCauseMakesNoTableWiderThanThePage() throws Exception {
        Path run = Examples.writeRun(place, 20);
        Path summary = run.resolve(ResultsDirectory.SUMMARY);
        String cause =
                "notWhatWasAsked: expected '+PONG' and got '-ERR unknown command PNG, with args beginning with: …'";
        Files.writeString(
                summary,
                Files.readString(summary).replaceAll("\"cause\" : \"[^\"]*\"", "\"cause\" : \"" + cause + "\""));
        String measured = "<script>document.querySelectorAll('.scroll').forEach(table => {"
                + " if (table.scrollWidth > table.clientWidth) console.error(table.textContent); });</script></body>";
        String page = HtmlReport.fromDirectory(run).replace("</body>", measured);
        Chromium.Shown shown = new Chromium(place).open(write(page));
        assertThat(shown.dom()).contains("with args beginning with: …");
        assertThat(shown.console()).isEmpty();
    }

    @Test
    void itPrintsOnA4() throws Exception {
        Path page = write(HtmlReport.fromDirectory(Examples.writeRun(place, 20)));
        assertThat(Chromium.text(new Chromium(place).print(page))).containsPattern(A4);
    }

    @Test
    void intervalsAreAPictureWithoutScript() throws Exception {
        String page = new HtmlPage("a comparison")
                .intervals(List.of(
                        new IntervalPlot.Line("response p99 <b>", 2.9, 1.2, 3.6, "2.90× [1.17, 3.63]", true),
                        new IntervalPlot.Line("errors", 1, 0.97, 1.02, "1.00× [0.97, 1.02]", false)))
                .end();
        Chromium.Shown shown = new Chromium(place).open(write(page));
        assertThat(shown.console()).isEmpty();
        assertThat(shown.dom()).contains("<svg class=\"intervals\"", "response p99 &lt;b&gt;: 2.90× [1.17, 3.63]");
    }
}
