package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.TargetFigures;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several targets side by side. */
public final class TargetText {

    private TargetText() {}

    /** A table on a terminal; no line where there are not several targets. */
    static List<String> lines(List<TargetFigures> targets, Ink ink) {
        if (targets.isEmpty()) {
            return List.of();
        }
        TextTable table = new TextTable();
        table.row("", "share", "started", "errors", "connect", "p99", "response", "p99", "queue");
        targets.forEach(each -> table.row(cells(each).toArray(String[]::new)));
        List<String> lines = new ArrayList<>(List.of("", ink.bold("Targets")));
        lines.addAll(table.lines(ink));
        return lines;
    }

    private static List<String> cells(TargetFigures target) {
        return List.of(
                target.asked(),
                InWords.percent(target.share()),
                InWords.count(target.outcomes().started()),
                InWords.count(target.outcomes().errors()),
                time(target.latencies(), Metric.CONNECT, Statistic.P50),
                time(target.latencies(), Metric.CONNECT, Statistic.P99),
                time(target.latencies(), Metric.RESPONSE, Statistic.P50),
                time(target.latencies(), Metric.RESPONSE, Statistic.P99),
                queue(target));
    }

    /** The columns of {@link #row}. */
    public static List<String> columns() {
        return List.of(
                "target",
                "address",
                "asked share",
                "started",
                "completed",
                "errors",
                "connect p50",
                "p99",
                "response p50",
                "p99",
                "accept queue, peak of limit",
                "HTTP statuses");
    }

    /** One target's row in a page. */
    public static List<String> row(TargetFigures target) {
        List<String> cells = new ArrayList<>(cells(target));
        cells.add(1, target.address());
        cells.add(4, InWords.count(target.outcomes().count(ConnectionOutcome.COMPLETED)));
        cells.add(target.http() == null ? "–" : target.http().words());
        return cells;
    }

    private static String time(@Nullable Latencies latencies, Metric metric, Statistic statistic) {
        LatencyStats stats = latencies == null ? LatencyStats.EMPTY : latencies.of(metric);
        Double micros = stats.micros(statistic);
        return micros == null ? "–" : (stats.isWeak(statistic) ? "~" : "") + InWords.micros(micros);
    }

    private static String queue(TargetFigures target) {
        KernelFigures.AcceptQueue queue =
                target.kernel() == null ? null : target.kernel().acceptQueue();
        return queue == null ? "–" : InWords.count(queue.peak()) + " of " + InWords.count(queue.limit());
    }
}
