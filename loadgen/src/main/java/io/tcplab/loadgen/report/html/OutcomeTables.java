package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.judge.OutcomeRemedy;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** How the connections and exchanges of one run ended, and why. */
final class OutcomeTables {

    private final Summary summary;
    private final HtmlText html;

    OutcomeTables(Summary summary, HtmlText html) {
        this.summary = summary;
        this.html = html;
    }

    /** What failed leads, in red. */
    void outcomes() {
        List<String> columns = new ArrayList<>(List.of("outcome"));
        summary.mixes().forEach(mix -> columns.add(mix.name()));
        columns.add("all");
        html.element("h2", "", "Outcomes").beginTable(TableCell.head(columns, "what it means"));
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
        Measured.Http http = summary.http();
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
            statuses(http);
        }
    }

    /** By member of the mix where there are several. */
    private void statuses(Measured.Http http) {
        List<Measured.Mix> members = summary.mixes().size() > 1 ? summary.mixes() : List.of();
        List<String> columns = new ArrayList<>(List.of("HTTP status"));
        members.forEach(mix -> columns.add(mix.name()));
        columns.add("responses");
        html.beginTable(TableCell.figures(columns));
        http.statuses().forEach((status, count) -> {
            List<String> cells = new ArrayList<>(List.of(status));
            members.forEach(mix -> cells.add(
                    InWords.count(mix.http() == null ? 0 : mix.http().statuses().getOrDefault(status, 0L))));
            cells.add(InWords.count(count));
            html.row(TableCell.figures(cells));
        });
        html.endTable();
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
                .beginTable(TableCell.head(List.of("cause", "count", "first at", "last at"), "what it means"));
        for (Measured.Cause cause : summary.causes()) {
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
}
