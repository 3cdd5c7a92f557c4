package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.report.text.GeneratorsText;
import io.tcplab.loadgen.report.text.ServerText;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.Map;

/** What one run cost, by whom. */
final class CostTables {

    private final Summary summary;
    private final HtmlText html;

    CostTables(Summary summary, HtmlText html) {
        this.summary = summary;
        this.html = html;
    }

    void generators() {
        if (summary.generators().isEmpty()) {
            return;
        }
        html.element("h2", "", "Generators").beginTable(TableCell.figures(GeneratorsText.HEAD));
        summary.generators().forEach(one -> html.row(TableCell.figures(GeneratorsText.cells(one))));
        html.endTable();
    }

    void cost() {
        Observed.Generator generator = summary.generator();
        html.element("h2", "", "Cost").beginTable("figure", "value");
        html.row("generator CPU", InWords.plain(generator.cpuSeconds()) + " s");
        html.row("busiest event loop", InWords.percent(generator.eventLoopBusy()));
        html.row(
                "GC pauses",
                generator.gcPauses().count() + ", at most "
                        + InWords.micros(generator.gcPauses().maxMillis() * 1000));
        ServerProcess server = summary.server();
        if (server != null) {
            String who = server.process() == null ? "companion" : "server";
            html.row(who + " CPU", InWords.plain(server.cpuSeconds()) + " s");
            if (server.process() != null) {
                ServerText.figures(server.process()).forEach((name, value) -> html.row(who + ", most " + name, value));
            }
            for (Map.Entry<String, Long> count : server.counts().entrySet()) {
                html.row("companion " + count.getKey(), InWords.count(count.getValue()));
            }
        }
        ClockOffset clock = summary.clockOffset();
        if (clock != null) {
            html.row(
                    "server's clock minus ours",
                    InWords.micros(clock.micros()) + " ± " + InWords.micros(clock.uncertaintyMicros()));
        }
        html.endTable();
    }
}
