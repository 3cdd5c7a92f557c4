package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.report.html.HtmlPage;
import io.tcplab.loadgen.report.html.TableCell;
import io.tcplab.loadgen.result.NetworkFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** An inspection as a self-contained page. */
final class InspectHtml {

    private InspectHtml() {}

    static String of(Inspection inspection) {
        try {
            HtmlPage page = new HtmlPage("inspect " + inspection.subject().asked());
            page.element("h1", "How " + inspection.subject().asked() + " treats connections");
            Baseline baseline = inspection.baseline();
            if (baseline != null) {
                page.soft("GET " + inspection.subject().path() + ": " + Printable.line(baseline.words()));
            }
            inspection.listener().ifPresent(page::soft);
            page.element("p", InspectText.summary(inspection));
            section(page, inspection, CheckVerdict.HARMFUL, "Harmful");
            section(page, inspection, CheckVerdict.UNUSUAL, "Unusual");
            page.element("h2", "All checks").table(rows(inspection));
            expectations(page, inspection);
            RateLimit limit = inspection.limit();
            if (limit != null) {
                page.element("p", "The limit: " + limit.words() + ".");
            }
            ServerHealth health = inspection.health();
            if (health != null) {
                page.element("p", "The server: " + Printable.line(health.words()) + ".");
            }
            NetworkFigures network = inspection.network();
            if (network != null) {
                page.element("p", "The network: " + InspectText.network(network));
            }
            for (String each : inspection.warnings()) {
                page.element("p", "Not valid: " + each);
            }
            page.element("h2", "Evidence");
            inspection.results().forEach(each -> evidence(page, each));
            return page.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void section(HtmlPage page, Inspection inspection, CheckVerdict verdict, String title) {
        List<String> items = inspection.results().stream()
                .filter(each -> each.finding().verdict() == verdict)
                .map(each -> each.card().id() + " " + each.card().title() + ": "
                        + Printable.line(each.finding().sentence())
                        + (each.finding().advice().isEmpty()
                                ? ""
                                : " → " + each.finding().advice()))
                .toList();
        if (!items.isEmpty()) {
            page.element("h2", title).list(items);
        }
    }

    private static List<List<TableCell>> rows(Inspection inspection) {
        List<List<TableCell>> rows = new ArrayList<>();
        rows.add(List.of(
                TableCell.figure(""),
                TableCell.words("check"),
                TableCell.words("verdict"),
                TableCell.words("observed")));
        for (CheckResult each : inspection.results()) {
            String verdict = each.finding().verdict().words();
            rows.add(List.of(
                    TableCell.figure(each.card().id()),
                    TableCell.words(each.card().title()),
                    switch (each.finding().verdict()) {
                        case HARMFUL -> TableCell.bad("✗ " + verdict);
                        case AS_EXPECTED -> TableCell.good("✓ " + verdict);
                        case UNUSUAL, NOT_OBSERVED, NOT_OBSERVABLE -> TableCell.words(verdict);
                    },
                    TableCell.words(Printable.line(each.finding().sentence()))));
        }
        return rows;
    }

    private static void expectations(HtmlPage page, Inspection inspection) {
        List<Expectations.Compared> all = inspection.expectations();
        if (all == null || all.isEmpty()) {
            return;
        }
        List<List<TableCell>> rows = new ArrayList<>();
        rows.add(List.of(
                TableCell.figure(""), TableCell.words("expected"), TableCell.words("found"), TableCell.words("")));
        for (Expectations.Compared each : all) {
            rows.add(List.of(
                    TableCell.figure(each.id()),
                    TableCell.words(Printable.line(each.expected())),
                    TableCell.words(Printable.line(each.found())),
                    each.met() ? TableCell.good("✓") : TableCell.bad("✗")));
        }
        page.element("h2", "Expectations").table(rows);
    }

    private static void evidence(HtmlPage page, CheckResult result) {
        CheckCard card = result.card();
        page.element("h3", card.id() + " " + card.title())
                .soft(card.observes() + " " + card.matters() + " " + card.order())
                .list(result.evidence());
        if (!result.segments().isEmpty()) {
            page.element("pre", String.join("\n", result.segments()));
        }
        page.soft("Read on: " + String.join(" · ", card.sources()));
    }
}
