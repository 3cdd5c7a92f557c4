package io.tcplab.loadgen.inspect;

import io.tcplab.loadgen.report.text.MarkdownText;
import io.tcplab.loadgen.result.NetworkFigures;
import java.util.Locale;

/** An inspection as a Markdown document: what to know first, the table, then a page for each check with its evidence. */
final class InspectMarkdown {

    private InspectMarkdown() {}

    static String of(Inspection inspection) {
        StringBuilder text = new StringBuilder();
        text.append("# How ").append(inspection.subject().asked()).append(" treats connections\n\n");
        Baseline baseline = inspection.baseline();
        if (baseline != null) {
            text.append("GET ")
                    .append(MarkdownText.of(inspection.subject().path()))
                    .append(": ")
                    .append(MarkdownText.of(baseline.words()))
                    .append(". ");
        }
        inspection
                .listener()
                .ifPresent(words ->
                        text.append("It is ").append(MarkdownText.of(words)).append('.'));
        text.append("\n\n**").append(InspectText.summary(inspection)).append("**\n");
        section(text, inspection, CheckVerdict.HARMFUL, "Harmful");
        section(text, inspection, CheckVerdict.UNUSUAL, "Unusual");
        text.append("\n## All checks\n\n| | check | verdict | observed |\n|---|---|---|---|\n");
        for (CheckResult each : inspection.results()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s |%n",
                    each.card().id(),
                    MarkdownText.of(each.card().title()),
                    each.finding().verdict().words(),
                    MarkdownText.of(each.finding().sentence())));
        }
        expectations(text, inspection);
        RateLimit limit = inspection.limit();
        if (limit != null) {
            text.append("\nThe limit: ").append(limit.words()).append(".\n");
        }
        ServerHealth health = inspection.health();
        if (health != null) {
            text.append("\nThe server: ")
                    .append(MarkdownText.of(health.words()))
                    .append(".\n");
        }
        NetworkFigures network = inspection.network();
        if (network != null) {
            text.append("\nThe network: ")
                    .append(MarkdownText.of(InspectText.network(network)))
                    .append('\n');
        }
        inspection
                .warnings()
                .forEach(each -> text.append("\n**Not valid: ")
                        .append(MarkdownText.of(each))
                        .append("**\n"));
        text.append("\n## Evidence\n");
        inspection.results().forEach(each -> page(text, each));
        return text.toString();
    }

    private static void section(StringBuilder text, Inspection inspection, CheckVerdict verdict, String title) {
        if (inspection.count(verdict) == 0) {
            return;
        }
        text.append("\n## ").append(title).append("\n\n");
        for (CheckResult each : inspection.results()) {
            Finding finding = each.finding();
            if (finding.verdict() == verdict) {
                text.append("- **")
                        .append(each.card().id())
                        .append(' ')
                        .append(MarkdownText.of(each.card().title()))
                        .append("**: ")
                        .append(MarkdownText.of(finding.sentence()))
                        .append(finding.advice().isEmpty() ? "" : "\n  → " + MarkdownText.of(finding.advice()))
                        .append('\n');
            }
        }
    }

    private static void expectations(StringBuilder text, Inspection inspection) {
        if (inspection.expectations() == null) {
            return;
        }
        text.append("\n## Expectations\n\n| | expected | found | |\n|---|---|---|---|\n");
        for (Expectations.Compared each : inspection.expectations()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s |%n",
                    each.id(),
                    MarkdownText.of(each.expected()),
                    MarkdownText.of(each.found()),
                    each.met() ? "✓" : "✗"));
        }
    }

    private static void page(StringBuilder text, CheckResult result) {
        CheckCard card = result.card();
        text.append("\n### ").append(card.id()).append(' ').append(card.title()).append("\n\n");
        text.append("- What is observed: ").append(card.observes()).append('\n');
        text.append("- Why it matters: ").append(card.matters()).append('\n');
        text.append("- How this order of events shows it: ")
                .append(card.order())
                .append('\n');
        if (!result.evidence().isEmpty()) {
            text.append("\n```\n");
            result.evidence()
                    .forEach(line -> text.append(line.replace("`", "'")).append('\n'));
            result.segments()
                    .forEach(line -> text.append(line.replace("`", "'")).append('\n'));
            text.append("```\n");
        }
        text.append("\n**")
                .append(result.finding().verdict().words())
                .append("** – ")
                .append(MarkdownText.of(result.finding().sentence()))
                .append("\n\nRead on: ")
                .append(MarkdownText.of(String.join(" · ", card.sources())))
                .append('\n');
    }
}
