package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.RunNames;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several runs beside each other: one figure a row, one run a column. */
final class HtmlComparison {

    private static final String NOTHING = "–";

    private final List<FinishedRun> runs;
    private final RunNames names;
    private final HtmlText html;

    HtmlComparison(List<FinishedRun> runs, RunNames names, HtmlText html) {
        this.runs = runs;
        this.names = names;
        this.html = html;
    }

    void table() {
        List<String> columns = new ArrayList<>(List.of("figure"));
        runs.forEach(run -> columns.add(names.of(run)));
        html.beginTable(TableCell.figures(columns));
        cells("valid", summary -> summary.valid() ? TableCell.good("✓") : TableCell.bad("✗"));
        row("ended", summary -> summary.interrupted() ? "interrupted" : NOTHING);
        row("warnings", summary -> Integer.toString(summary.warnings().size()));
        row("offered /s", summary -> rate(summary.rates().offered()));
        row("achieved /s", summary -> InWords.rate(summary.rates().achieved()));
        row("exchanges /s", summary -> InWords.rate(summary.rates().exchanges()));
        row("errors", summary -> InWords.count(summary.outcomes().errors()));
        for (Metric metric : List.of(Metric.CONNECT, Metric.SERVICE, Metric.RESPONSE, Metric.TEARDOWN)) {
            row(
                    metric.key() + " p50",
                    summary -> micros(summary.latencies().of(metric).p50Micros()));
            row(
                    metric.key() + " p99",
                    summary -> micros(summary.latencies().of(metric).p99Micros()));
        }
        row(
                "generator CPU per connection",
                summary -> micros(summary.generator().cpuMicrosPerConnection()));
        row("accept queue, peak of limit", summary -> queue(summary.kernel().server()));
        row("TIME_WAIT peak, client", summary -> timeWait(summary.kernel().client()));
        row("TIME_WAIT peak, server", summary -> timeWait(summary.kernel().server()));
        html.endTable();
    }

    /** A figure that no run has, such as the response time of a protocol without responses, has no row. */
    private void row(String figure, Function<Summary, String> value) {
        boolean any = runs.stream().anyMatch(run -> !value.apply(run.summary()).equals(NOTHING));
        if (any) {
            cells(figure, summary -> TableCell.figure(value.apply(summary)));
        }
    }

    private void cells(String figure, Function<Summary, TableCell> value) {
        List<TableCell> cells = new ArrayList<>(List.of(TableCell.figure(figure)));
        runs.forEach(run -> cells.add(value.apply(run.summary())));
        html.row(cells);
    }

    private static String rate(@Nullable Double rate) {
        return rate == null ? NOTHING : InWords.rate(rate);
    }

    private static String micros(@Nullable Double micros) {
        return micros == null ? NOTHING : InWords.micros(micros);
    }

    private static String queue(@Nullable SideFigures side) {
        KernelFigures.AcceptQueue queue = side == null ? null : side.acceptQueue();
        return queue == null ? NOTHING : queue.peak() + " of " + queue.limit();
    }

    private static String timeWait(@Nullable SideFigures side) {
        return side == null ? NOTHING : InWords.count(side.timeWait().peak());
    }
}
