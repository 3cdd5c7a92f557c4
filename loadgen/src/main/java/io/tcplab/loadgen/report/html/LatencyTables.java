package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.report.text.TargetText;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One run's latencies, and its figures by target. */
final class LatencyTables {

    private static final List<Statistic> SHOWN = List.of(
            Statistic.MIN, Statistic.P50, Statistic.P90, Statistic.P99, Statistic.P999, Statistic.MAX, Statistic.MEAN);

    private static final List<TableCell> LATENCY_COLUMNS = Stream.of(
                    "metric", "mix", "samples", "min", "p50", "p90", "p99", "p99.9", "max", "mean")
            .map(column -> column.equals("mix") ? TableCell.words(column) : TableCell.figure(column))
            .toList();

    private final Summary summary;
    private final HtmlText html;

    LatencyTables(Summary summary, HtmlText html) {
        this.summary = summary;
        this.html = html;
    }

    void targets() {
        if (summary.targets().isEmpty()) {
            return;
        }
        html.element("h2", "", "Targets").beginTable(TableCell.figures(TargetText.columns()));
        summary.targets().forEach(target -> html.row(TableCell.figures(TargetText.row(target))));
        html.endTable();
    }

    void latencies() {
        html.element("h2", "", "Latency").beginTable(LATENCY_COLUMNS);
        boolean weak = false;
        for (String key : summary.latencies().byKey().keySet()) {
            for (Measured.Mix mix : summary.mixes()) {
                weak |= latencyRow(key, mix.name(), mix.latencies().ofKey(key));
            }
            if (summary.mixes().size() > 1) {
                weak |= latencyRow(key, "all", summary.latencies().ofKey(key));
            }
        }
        html.endTable();
        if (weak) {
            html.element("p", "soft", "~ fewer than ten samples are above this percentile");
        }
        if (summary.tcpInfo() != null) {
            html.element("p", "", "TCP_INFO " + summary.tcpInfo().words() + ".");
        }
    }

    private boolean latencyRow(String metric, String mix, LatencyStats stats) {
        if (stats.count() == 0) {
            return false;
        }
        List<TableCell> cells = new ArrayList<>(List.of(
                TableCell.figure(metric), TableCell.words(mix), TableCell.figure(InWords.count(stats.count()))));
        SHOWN.forEach(statistic -> cells.add(TableCell.figure(time(stats, statistic))));
        html.row(cells);
        return !stats.lowConfidence().isEmpty();
    }

    private static String time(LatencyStats stats, Statistic statistic) {
        Double micros = stats.micros(statistic);
        return micros == null ? "–" : (stats.isWeak(statistic) ? "~" : "") + InWords.micros(micros);
    }
}
