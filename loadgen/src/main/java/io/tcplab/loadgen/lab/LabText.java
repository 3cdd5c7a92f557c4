package io.tcplab.loadgen.lab;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as text for a terminal. */
public final class LabText {
    private LabText() {}

    /** One line of the table that grows while experiments run. */
    public static String line(LabResult result) {
        String times = result.runs() == 1 ? "" : " (" + result.alike() + " of " + result.runs() + ")";
        String line = String.format(
                Locale.ROOT,
                "%-4s %-11s %6.1f s  %s%s – %s",
                result.card().id(),
                result.word(),
                result.seconds(),
                result.card().title(),
                times,
                result.reason());
        return result.others().stream()
                .map(each -> "\n       otherwise " + each)
                .reduce(line, String::concat);
    }

    /** One line of the list. */
    public static String listed(Card card) {
        String claims = card.claims().isEmpty()
                ? ""
                : "  claims " + card.claims().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%-4s %s  [needs %s%s]%s",
                card.id(),
                card.title(),
                needs(card),
                card.longRun() ? "; --long" : "",
                claims);
    }

    /** The last line of a run. */
    public static String total(List<LabResult> results, double seconds) {
        Map<String, Long> byWord = results.stream()
                .collect(Collectors.groupingBy(LabResult::word, java.util.TreeMap::new, Collectors.counting()));
        String words = byWord.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        long runs = results.stream().mapToLong(LabResult::runs).sum();
        long alike = results.stream().mapToLong(LabResult::alike).sum();
        String repeated = runs > results.size() ? "; " + alike + " of " + runs + " runs alike" : "";
        return String.format(Locale.ROOT, "%d experiments in %.1f s: %s%s.", results.size(), seconds, words, repeated);
    }

    /** The page of one experiment: the idea, what was done, what was seen, the verdict, where to read on. */
    public static String page(LabResult result) {
        Card card = result.card();
        StringBuilder page = idea(card);
        Evidence seen = result.evidence();
        section(page, "Steps", seen.steps());
        section(page, "Segments on the cable", seen.segments());
        section(page, "States over time", states(seen));
        section(page, "Counters that moved", pairs(seen.counters()));
        section(page, "Settings, read back", pairs(seen.sysctls()));
        section(page, "Times in seconds", pairs(seen.times()));
        section(page, "Figures", pairs(seen.figures()));
        section(page, "Errors", pairs(seen.errno()));
        page.append("\nVerdict: ")
                .append(result.word())
                .append(" – ")
                .append(result.reason())
                .append('\n');
        if (!card.reading().isEmpty()) {
            page.append("Read on: ").append(card.reading()).append('\n');
        }
        return page.toString();
    }

    /** The page before anything was run: the idea, what it needs, where to read on. */
    public static String plan(Card card) {
        StringBuilder page = idea(card);
        page.append("Needs:       ").append(needs(card)).append('\n');
        if (card.longRun()) {
            page.append("Takes:       more than a minute\n");
        }
        return page.append("\nRead on: ").append(card.reading()).append('\n').toString();
    }

    private static StringBuilder idea(Card card) {
        StringBuilder page = new StringBuilder();
        page.append(card.id()).append("  ").append(card.title()).append("\n\n");
        page.append("Claim:  ").append(card.hypothesis()).append('\n');
        page.append("Verified:    ").append(card.verifies()).append('\n');
        page.append("The order:   ").append(card.because()).append('\n');
        if (!card.claims().isEmpty()) {
            page.append("Claims:      ")
                    .append(card.claims().stream().map(String::valueOf).collect(Collectors.joining(", ")))
                    .append('\n');
        }
        return page;
    }

    private static String needs(Card card) {
        return card.needs().isEmpty()
                ? "none"
                : card.needs().stream().map(Need::label).collect(Collectors.joining(", "));
    }

    /** Each state that was seen, one line each. */
    static List<String> states(Evidence seen) {
        return seen.states().stream()
                .map(each -> String.format(Locale.ROOT, "%8.3f s  %-8s %s", each.atSeconds(), each.end(), each.state()))
                .toList();
    }

    private static void section(StringBuilder page, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            page.append('\n').append(title).append('\n');
            lines.forEach(line -> page.append("  ").append(line.stripTrailing()).append('\n'));
        }
    }

    static List<String> pairs(Map<String, ?> map) {
        return map.entrySet().stream()
                .map(each -> each.getKey() + " = " + each.getValue())
                .toList();
    }

    /** The table of claims, in the documents' order. */
    public static String claims(List<Claims.Answer> answers, String kernel) {
        StringBuilder table = new StringBuilder("Claims of the documents, tested on Linux " + kernel + "\n\n");
        for (Claims.Answer each : answers) {
            table.append(String.format(
                    Locale.ROOT,
                    "%3d  %-11s  %s (%s)%n",
                    each.claim().number(),
                    each.here().word(),
                    each.claim().text(),
                    each.claim().seeds()));
            each.evidence()
                    .forEach((id, finding) -> table.append(String.format(
                            Locale.ROOT,
                            "       %-4s %s: %s%n",
                            id,
                            finding.verdict().word(),
                            finding.reason())));
            if (each.evidence().isEmpty()) {
                table.append("       no experiment\n");
            }
            if (each.differs()) {
                table.append("       ≠ Linux " + Claims.KNOWN_ON + ": "
                        + each.claim().known().word() + "\n");
            }
        }
        long differ = answers.stream().filter(Claims.Answer::differs).count();
        return table.append("\n")
                .append(answers.size() - differ)
                .append(" of ")
                .append(answers.size())
                .append(" as known on Linux " + Claims.KNOWN_ON + ", ")
                .append(differ)
                .append(" otherwise.\n")
                .toString();
    }
}
