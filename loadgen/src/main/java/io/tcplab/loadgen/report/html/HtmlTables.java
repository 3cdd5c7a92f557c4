package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.judge.OutcomeRemedy;
import io.tcplab.loadgen.judge.ThresholdWords;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.report.text.ActionText;
import io.tcplab.loadgen.report.text.GeneratorsText;
import io.tcplab.loadgen.report.text.NetworkText;
import io.tcplab.loadgen.report.text.ServerText;
import io.tcplab.loadgen.report.text.TargetText;
import io.tcplab.loadgen.result.CounterNames;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run's figures as tables: everything that can be read without the plots. */
final class HtmlTables {

    private static final List<Statistic> SHOWN = List.of(
            Statistic.MIN, Statistic.P50, Statistic.P90, Statistic.P99, Statistic.P999, Statistic.MAX, Statistic.MEAN);

    private static final List<TableCell> LATENCY_COLUMNS = Stream.of(
                    "metric", "mix", "samples", "min", "p50", "p90", "p99", "p99.9", "max", "mean")
            .map(column -> column.equals("mix") ? TableCell.words(column) : TableCell.figure(column))
            .toList();

    private final Summary summary;
    private final HtmlText html;

    HtmlTables(Summary summary, HtmlText html) {
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
        for (Summary.Warning warning : summary.warnings()) {
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
        for (Summary.ThresholdResult threshold : summary.thresholds()) {
            html.row(List.of(
                    TableCell.figure(threshold.expression()),
                    TableCell.figure(ThresholdWords.actual(threshold)),
                    threshold.passed() ? TableCell.good("✓ kept") : TableCell.bad("✗ not met")));
        }
        html.endTable();
    }

    /** What failed leads, in red. */
    void outcomes() {
        List<String> columns = new ArrayList<>(List.of("outcome"));
        summary.mixes().forEach(mix -> columns.add(mix.name()));
        columns.add("all");
        html.element("h2", "", "Outcomes").beginTable(head(columns, "what it means"));
        Stream.of(ConnectionOutcome.values())
                .filter(outcome -> outcome.isError() && summary.outcomes().count(outcome) > 0)
                .forEach(outcome -> outcomeRow(outcome, TableCell.bad(outcome.key())));
        Stream.of(ConnectionOutcome.COMPLETED, ConnectionOutcome.OPEN_AT_END)
                .filter(outcome -> outcome == ConnectionOutcome.COMPLETED
                        || summary.outcomes().count(outcome) > 0)
                .forEach(outcome -> outcomeRow(outcome, TableCell.figure(outcome.key())));
        outcomeRow(
                TableCell.figure("started"),
                Outcomes::started,
                "connections started; each has exactly one of the outcomes above");
        html.endTable();
        exchanges();
        if (summary.tls() != null) {
            html.element("p", "", "TLS: " + summary.tls().words() + ".");
        }
        causes();
    }

    private static List<TableCell> head(List<String> figures, String words) {
        List<TableCell> head = new ArrayList<>(TableCell.figures(figures));
        head.add(TableCell.words(words));
        return head;
    }

    private void outcomeRow(ConnectionOutcome outcome, TableCell name) {
        String remedy = OutcomeRemedy.of(outcome);
        outcomeRow(
                name,
                outcomes -> outcomes.count(outcome),
                outcome.sentence() + (remedy.isEmpty() ? "" : " → " + remedy));
    }

    private void outcomeRow(TableCell name, ToLongFunction<Outcomes> count, String sentence) {
        List<TableCell> cells = new ArrayList<>(List.of(name));
        summary.mixes().forEach(mix -> cells.add(TableCell.figure(InWords.count(count.applyAsLong(mix.outcomes())))));
        cells.add(TableCell.figure(InWords.count(count.applyAsLong(summary.outcomes()))));
        cells.add(TableCell.words(sentence));
        html.row(cells);
    }

    /** Where something can be said of single exchanges: statuses, or those that went wrong. */
    private void exchanges() {
        Exchanges all = summary.exchanges();
        Summary.Http http = summary.http();
        if (http == null && all.errors() + all.notBegun() == 0) {
            return;
        }
        html.element("h2", "", "Exchanges")
                .beginTable("mix", "answered", "not as expected", "lost", "error rate", "never begun");
        summary.mixes().forEach(mix -> exchangesRow(mix.name(), mix.exchanges()));
        if (summary.mixes().size() > 1) {
            exchangesRow("all", all);
        }
        html.endTable();
        if (http != null) {
            html.beginTable("HTTP status", "responses");
            http.statuses().forEach((status, count) -> html.row(status, InWords.count(count)));
            html.endTable();
        }
    }

    private void exchangesRow(String name, Exchanges exchanges) {
        html.row(
                name,
                InWords.count(exchanges.answered()),
                InWords.count(exchanges.unexpected()),
                InWords.count(exchanges.lost()),
                InWords.percent(exchanges.errorRate()),
                InWords.count(exchanges.notBegun()));
    }

    private void causes() {
        if (summary.causes().isEmpty()) {
            return;
        }
        html.element("h2", "", "Causes")
                .beginTable(head(List.of("cause", "count", "first at", "last at"), "what it means"));
        for (Summary.Cause cause : summary.causes()) {
            html.row(List.of(
                    TableCell.figure(cause.cause()),
                    TableCell.figure(InWords.count(cause.count())),
                    TableCell.figure(InWords.plain(cause.firstSecond()) + " s"),
                    TableCell.figure(InWords.plain(cause.lastSecond()) + " s"),
                    TableCell.words(meaning(Incident.ofText(cause.cause())))));
        }
        html.endTable();
    }

    private static String meaning(Incident incident) {
        String remedy = OutcomeRemedy.of(incident);
        return incident == Incident.CALL_FAILED ? "" : incident.sentence() + (remedy.isEmpty() ? "" : " → " + remedy);
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
            for (Summary.Mix mix : summary.mixes()) {
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

    void kernel() {
        KernelFigures.SideFigures client = summary.kernel().client();
        KernelFigures.SideFigures server = summary.kernel().server();
        if (client == null && server == null) {
            return;
        }
        html.element("h2", "", "What the kernels counted")
                .beginTable(head(List.of("counter", "client", "server"), "what it counts"));
        for (String counter : moved(client, server)) {
            String words = CounterNames.label(counter);
            String sentence = CounterNames.sentence(counter);
            html.row(List.of(
                    TableCell.figure(counter),
                    TableCell.figure(client == null ? "–" : InWords.count(client.counterNamed(counter))),
                    TableCell.figure(server == null ? "–" : InWords.count(server.counterNamed(counter))),
                    TableCell.words(sentence.isEmpty() ? "" : words + ": " + sentence)));
        }
        html.endTable();
        states(client, server);
    }

    private static Set<String> moved(
            KernelFigures.@Nullable SideFigures client, KernelFigures.@Nullable SideFigures server) {
        Set<String> moved = new LinkedHashSet<>();
        if (client != null) {
            moved.addAll(client.counters().keySet());
        }
        if (server != null) {
            moved.addAll(server.counters().keySet());
        }
        return moved;
    }

    private void states(KernelFigures.@Nullable SideFigures client, KernelFigures.@Nullable SideFigures server) {
        html.element("h2", "", "Sockets by state")
                .beginTable("state", "client, peak", "client, at the end", "server, peak", "server, at the end");
        for (String state : TimelineWriter.states().values()) {
            List<String> cells = new ArrayList<>(List.of(state));
            addState(cells, client, state);
            addState(cells, server, state);
            if (cells.subList(1, cells.size()).stream().anyMatch(cell -> !cell.equals("0") && !cell.equals("–"))) {
                html.row(TableCell.figures(cells));
            }
        }
        html.endTable();
    }

    private static void addState(List<String> cells, KernelFigures.@Nullable SideFigures side, String state) {
        cells.add(side == null ? "–" : InWords.count(side.peakStates().getOrDefault(state, 0L)));
        Long last = side == null ? null : side.atEnd(state);
        cells.add(last == null ? "–" : InWords.count(last));
    }

    void reconciliation() {
        if (summary.reconciliation().isEmpty()) {
            return;
        }
        html.element("h2", "", "Our counts and the kernel's").beginTable("check", "ours", "the kernel's", "agrees");
        for (Reconciled check : summary.reconciliation()) {
            html.row(List.of(
                    TableCell.figure(check.sentence()),
                    TableCell.figure(InWords.count(check.ours())),
                    TableCell.figure(InWords.count(check.kernel())),
                    check.agrees() ? TableCell.good("✓") : TableCell.bad("✗")));
        }
        html.endTable();
    }

    void network() {
        NetworkFigures network = summary.network();
        if (network != null) {
            html.element("h2", "", "The network between the sides").beginTable(head(List.of("fact"), "value"));
            NetworkText.facts(network)
                    .forEach((name, fact) -> html.row(List.of(TableCell.figure(name), TableCell.words(fact))));
            html.endTable();
        }
    }

    void actions() {
        if (summary.actions().isEmpty()) {
            return;
        }
        html.element("h2", "", "Actions").beginTable(head(List.of("done"), "what became of the connections"));
        summary.actions()
                .forEach(each ->
                        html.row(List.of(TableCell.figure(ActionText.what(each)), TableCell.words(each.sentence()))));
        html.endTable();
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
        Summary.Generator generator = summary.generator();
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
