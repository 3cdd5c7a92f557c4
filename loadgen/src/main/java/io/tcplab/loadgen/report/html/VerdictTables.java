package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.judge.ThresholdWords;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.report.text.ActionText;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.util.List;

/** What a run came to: its figures in tiles, its warnings, what was done during it, and the limits that it had. */
final class VerdictTables {

    private final Summary summary;
    private final HtmlText html;

    VerdictTables(Summary summary, HtmlText html) {
        this.summary = summary;
        this.html = html;
    }

    void tiles() {
        html.raw("<div class=\"tiles\">\n");
        errorTile("errors", summary.outcomes().errors(), summary.outcomes().errorRate());
        if (summary.exchanges().errors() > 0) {
            errorTile(
                    "exchange errors",
                    summary.exchanges().errors(),
                    summary.exchanges().errorRate());
        }
        tile(InWords.rate(summary.rates().achieved()) + "/s", "connections completed");
        Double offered = summary.rates().offered();
        if (offered != null) {
            tile(InWords.rate(offered) + "/s", "offered");
        }
        tile(InWords.rate(summary.rates().exchanges()) + "/s", "exchanges");
        latencyTile("connect", summary.latencies().of(Metric.CONNECT));
        latencyTile("service", summary.latencies().of(Metric.SERVICE));
        Double micros = summary.generator().cpuMicrosPerConnection();
        if (micros != null) {
            tile(InWords.micros(micros), "generator CPU per connection");
        }
        html.raw("</div>\n");
    }

    private void errorTile(String what, long errors, double rate) {
        tile(InWords.count(errors), what + " (" + InWords.percent(rate) + ")", errors > 0 ? "tile bad" : "tile");
    }

    private void latencyTile(String name, LatencyStats stats) {
        Double median = stats.p50Micros();
        Double p99 = stats.p99Micros();
        if (median != null && p99 != null) {
            tile(InWords.micros(median), name + " p50 (p99 " + InWords.micros(p99) + ")");
        }
    }

    private void tile(String figure, String words) {
        tile(figure, words, "tile");
    }

    private void tile(String figure, String words, String style) {
        html.raw("<div class=\"" + style + "\"><b>" + HtmlText.escape(figure) + "</b><span>" + HtmlText.escape(words)
                + "</span></div>\n");
    }

    void warnings() {
        if (!summary.warnings().isEmpty()) {
            html.element("h2", "", "Warnings");
        }
        for (Verdict.Warning warning : summary.warnings()) {
            html.raw("<div class=\"note" + (warning.invalidates() ? " bad" : "") + "\"><code>")
                    .raw(HtmlText.escape(warning.code()))
                    .raw("</code> ")
                    .raw(HtmlText.escape(warning.message()))
                    .raw("<p class=\"soft\">→ " + HtmlText.escape(warning.advice()) + "</p></div>\n");
        }
    }

    void thresholds() {
        if (summary.thresholds().isEmpty()) {
            return;
        }
        html.element("h2", "", "Thresholds").beginTable("threshold", "figure", "verdict");
        for (Verdict.ThresholdResult threshold : summary.thresholds()) {
            html.row(List.of(
                    TableCell.figure(threshold.expression()),
                    TableCell.figure(ThresholdWords.actual(threshold)),
                    threshold.passed() ? TableCell.good("✓ kept") : TableCell.bad("✗ not met")));
        }
        html.endTable();
    }

    void actions() {
        if (summary.actions().isEmpty()) {
            return;
        }
        html.element("h2", "", "Actions").beginTable(TableCell.head(List.of("done"), "what became of the connections"));
        summary.actions()
                .forEach(each ->
                        html.row(List.of(TableCell.figure(ActionText.what(each)), TableCell.words(each.sentence()))));
        html.endTable();
    }
}
