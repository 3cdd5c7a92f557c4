package io.tcplab.loadgen.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.ResultsDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(240)
class HtmlReportTest {

    private static final int MOST_BYTES = 300_000;

    @TempDir
    Path root;

    @Test
    void onePageIsSmallAndAsksForNothingOutsideItself() throws IOException {
        String page = HtmlReport.fromDirectory(Examples.writeRun(root, 3_600));
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MOST_BYTES);
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContainPattern("(src|href)=[\"']?(https?:)?//")
                .doesNotContain("@import", "url(");
    }

    @Test
    void theTablesAreThereWithoutJavaScript() throws IOException {
        String page = HtmlReport.fromDirectory(Examples.writeRun(root, 10));
        String withoutScripts = page.replaceAll("(?s)<script.*?</script>", "");
        assertThat(withoutScripts)
                .contains(
                        "short-vs-keepalive", "TcpExt.ListenOverflows", "connect.p99 &lt; 5ms", "acceptQueueOverflowed")
                .contains("net.core.somaxconn", "Linux 6.18.44", "CLOSE_WAIT", "noLocalPort");
    }

    @Test
    void whatFailedLeadsAndIsRed() throws IOException {
        String page = HtmlReport.fromDirectory(Examples.writeRun(root, 10));
        assertThat(page.indexOf("<span class=\"badge bad\">24 errors (0.048%)</span>"))
                .isPositive()
                .isLessThan(page.indexOf("<span class=\"badge good\">valid</span>"));
        assertThat(page.indexOf("<th scope=\"row\" class=\"bad\">refused</th>"))
                .isPositive()
                .isLessThan(page.indexOf("<code>acceptQueueOverflowed"));
    }

    @Test
    void aCellIsSetByItsKindAndNotByItsText() {
        HtmlText html = new HtmlText();
        html.row(List.of(TableCell.figure("~a"), TableCell.figure("✗"), TableCell.words("~b"), TableCell.bad("c")));
        assertThat(html.toString())
                .isEqualTo(
                        "<tr><th scope=\"row\">~a</th><td>✗</td><td class=\"words\">~b</td><td class=\"bad\">c</td></tr>\n");
    }

    @Test
    void aNameCannotBecomeMarkup() throws IOException {
        Path directory = Examples.writeRun(root, 10);
        Path summary = directory.resolve(ResultsDirectory.SUMMARY);
        Files.writeString(summary, Files.readString(summary).replace("short-vs-keepalive", "</script><blink>bold"));
        Files.writeString(directory.resolve(ResultsDirectory.PROFILE), "# <i>sloping");
        assertThat(HtmlReport.fromDirectory(directory)).doesNotContain("<blink", "</script><", "<i>sloping", "<i&gt;");
    }

    @Test
    void severalRunsAreComparedOnOnePage() throws IOException {
        Path first = Examples.writeRun(root, 10);
        Path second = Examples.writeRun(root, 10);
        String page = HtmlReport.fromDirectories(List.of(first, second));
        assertThat(page).contains("Comparison of 2 runs", "20261121T073000Z-short-vs-keepalive-2 keepalive");
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MOST_BYTES);
    }

    @Test
    void runsOfOneNameAreToldApartByWhereTheyLie() throws IOException {
        Path before = Files.move(
                Examples.writeRun(root, 10),
                Files.createDirectory(root.resolve("before")).resolve("short"));
        Path after = Files.move(
                Examples.writeRun(root, 10),
                Files.createDirectory(root.resolve("after")).resolve("short"));
        assertThat(HtmlReport.fromDirectories(List.of(before, after)))
                .contains("<th>before/short</th><th>after/short</th>", "\"before/short keepalive\"")
                .contains("<summary>after/short</summary>", "\"sync\":\"after/short\"");
    }

    @Test
    void anInterruptedRunIsSaidToBeOneInThePageAndBesideOthers() throws IOException {
        Path whole = Examples.writeRun(root, 10);
        Path cut = Examples.writeRun(root, 10);
        Path summary = cut.resolve(ResultsDirectory.SUMMARY);
        Files.writeString(
                summary, Files.readString(summary).replace("\"interrupted\" : false", "\"interrupted\" : true"));
        assertThat(HtmlReport.fromDirectory(cut))
                .contains("<p>The run was interrupted after 10 s; this is what it had measured.</p>")
                .contains("- The run was interrupted after 10 s;");
        assertThat(HtmlReport.fromDirectories(List.of(whole, cut)))
                .contains("ended</th><td>–</td><td>interrupted</td>");
        assertThat(HtmlReport.fromDirectories(List.of(whole, Examples.writeRun(root, 10))))
                .doesNotContain("ended</th>");
    }

    /** A server that words each answer differently makes a hundred causes in the first second. */
    @Test
    void manyCausesLeaveRoomForTheMarkOfAnAction() throws IOException {
        Path directory = Examples.writeRun(root, 10);
        Path file = directory.resolve(ResultsDirectory.SUMMARY);
        ObjectNode tree = (ObjectNode) JsonText.MAPPER.readTree(Files.readString(file));
        ArrayNode causes = tree.putArray("causes");
        for (int i = 0; i < 100; i++) {
            causes.addObject()
                    .put("cause", "notWhatWasAsked: " + i)
                    .put("count", 1)
                    .put("firstSecond", i / 100.0)
                    .put("lastSecond", i / 100.0)
                    .put("phase", "receiving");
        }
        ObjectNode action = tree.putArray("actions").addObject();
        action.put("at", 5.0).put("what", "signal HUP").put("connections", 0).put("idleClosed", 0);
        action.put("unexpected", 0).put("sentence", "nothing was lost").putObject("lost");
        Files.writeString(file, tree.toString());
        String marks = HtmlReport.fromDirectory(directory).replaceAll("(?s).*<ol class=\"marks\">|</ol>.*", "");
        assertThat(marks).contains("5.0 s: signal HUP", "first of 1 notWhatWasAsked: 0<");
        assertThat(marks.split("<li", -1)).hasSize(1 + 20);
    }

    @Test
    void anEnvironmentThatLacksKeysIsRefusedBySentence() throws IOException {
        Path directory = Examples.writeRun(root, 3);
        Path environment = directory.resolve(ResultsDirectory.ENVIRONMENT);
        for (String text :
                List.of("{}", "null", Files.readString(environment).replaceFirst("\"transport\" : \"[^\"]*\",", ""))) {
            Files.writeString(environment, text);
            assertThatThrownBy(() -> HtmlReport.fromDirectory(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessage(environment + " is not a tcplab environment: keys are missing");
        }
    }

    @Test
    void aSummaryAloneMakesAPage() throws IOException {
        Path directory = Examples.writeRun(root, 10);
        for (String name : List.of(
                ResultsDirectory.LATENCIES,
                ResultsDirectory.TIMELINE,
                ResultsDirectory.ENVIRONMENT,
                ResultsDirectory.PROFILE)) {
            Files.delete(directory.resolve(name));
        }
        assertThat(HtmlReport.fromDirectory(directory)).contains("TcpExt.ListenOverflows");
    }

    @Test
    void aDirectoryWithoutASummaryIsRefusedBySentence() {
        assertThatThrownBy(() -> HtmlReport.fromDirectory(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no finished run");
    }

    @Test
    void aDamagedTimelineIsRefusedBySentence() throws IOException {
        Path directory = Examples.writeRun(root, 3);
        Files.writeString(directory.resolve(ResultsDirectory.TIMELINE), "second,side,started\n0.0,client\n");
        assertThatThrownBy(() -> HtmlReport.fromDirectory(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 cells under 3 columns");
    }
}
