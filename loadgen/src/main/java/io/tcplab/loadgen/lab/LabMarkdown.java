package io.tcplab.loadgen.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as a Markdown document that can be handed out: an overview, the state machine, the claims, then a page for each experiment. */
public final class LabMarkdown {
    private static final int MOST_LINES = 24;

    private LabMarkdown() {}

    /** The document. */
    public static String of(List<LabResult> results, String kernel) {
        Map<Chapter, List<LabResult>> chapters = new LinkedHashMap<>();
        results.stream()
                .collect(Collectors.groupingBy(
                        each -> Chapter.of(each.card()), java.util.TreeMap::new, Collectors.toList()))
                .forEach(chapters::put);
        StringBuilder text = new StringBuilder();
        introduce(text, results, kernel);
        chapters.forEach((chapter, own) -> overview(text, chapter, own));
        text.append("\n## The state machine (状态机)\n\n```\n")
                .append(LabStates.drawing(results))
                .append("```\n");
        claims(text, results);
        chapters.forEach((chapter, own) -> {
            text.append("\n## ").append(chapter.title()).append('\n');
            own.forEach(each -> page(text, each));
        });
        return text.toString();
    }

    private static void introduce(StringBuilder text, List<LabResult> results, String kernel) {
        Map<String, Long> words = results.stream()
                .collect(Collectors.groupingBy(LabResult::word, java.util.TreeMap::new, Collectors.counting()));
        text.append("# TCP, as Linux ").append(kernel).append(" does it\n\n");
        text.append("""
                Each experiment ran a few events between two hosts, which are network namespaces of this machine, 198.18.0.1 and
                198.18.0.2, and checked what the kernel showed: states, counters, errors, segments, times. The verdict is on the
                quoted claim; it comes from this run on this kernel. Repeat any experiment with `./tcplab lab show ID`.

                """);
        text.append(results.size())
                .append(" experiments: ")
                .append(words.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", ")))
                .append(".\n\n");
        text.append("| word | meaning |\n|---|---|\n")
                .append("| holds | the kernel behaved as the claim says |\n")
                .append("| refuted | it behaved differently |\n")
                .append("| conditional | it depends, and the reason names both sides |\n")
                .append("| untestable | it could not be tested here |\n")
                .append("| FAILED | a precondition was not met; no verdict |\n");
    }

    private static void overview(StringBuilder text, Chapter chapter, List<LabResult> results) {
        text.append("\n**").append(chapter.title()).append("**\n\n| | claim | verdict |\n|---|---|---|\n");
        for (LabResult each : results) {
            text.append("| [")
                    .append(each.card().id())
                    .append("](#")
                    .append(anchor(each.card()))
                    .append(") | ")
                    .append(cell(each.card().hypothesis()))
                    .append(" | ")
                    .append(each.word())
                    .append(" |\n");
        }
    }

    private static void claims(StringBuilder text, List<LabResult> results) {
        List<Claims.Answer> answers = Claims.answers(results).stream()
                .filter(each -> !each.evidence().isEmpty())
                .toList();
        if (answers.isEmpty()) {
            return;
        }
        text.append("\n## The documents' claims, and this kernel's verdicts\n\n")
                .append("| | claim | verdict | experiments |\n|---|---|---|---|\n");
        for (Claims.Answer each : answers) {
            text.append("| ")
                    .append(each.claim().number())
                    .append(" | ")
                    .append(cell(each.claim().text()))
                    .append(" | ")
                    .append(each.here().word())
                    .append(
                            each.differs()
                                    ? " ≠ Linux " + Claims.KNOWN_ON + ": "
                                            + each.claim().known().word()
                                    : "")
                    .append(" | ")
                    .append(String.join(", ", each.experiments()))
                    .append(" |\n");
        }
    }

    private static void page(StringBuilder text, LabResult result) {
        Card card = result.card();
        Evidence seen = result.evidence();
        text.append("\n### ").append(heading(card)).append("\n\n");
        text.append("> ").append(card.hypothesis()).append("\n\n");
        text.append("- What is verified: ").append(card.verifies()).append('\n');
        text.append("- Why this order tests it: ").append(card.because()).append('\n');
        block(text, "Segments on the cable", seen.segments());
        block(text, "States over time", LabText.states(seen));
        table(text, "figure", seen.figures());
        table(text, "seconds", seen.times());
        table(text, "error", seen.errno());
        table(text, "setting, read back", seen.sysctls());
        if (!seen.counters().isEmpty()) {
            text.append("\nCounters that moved: ")
                    .append(seen.counters().entrySet().stream()
                            .map(each -> "`" + each.getKey() + "` " + each.getValue())
                            .collect(Collectors.joining(" · ")))
                    .append('\n');
        }
        if (!seen.steps().isEmpty()) {
            text.append("\n<details><summary>Each step</summary>\n");
            block(text, "With seconds since the start", seen.steps());
            text.append("\n</details>\n");
        }
        text.append("\n**Verdict: ")
                .append(result.word())
                .append("** – ")
                .append(result.reason())
                .append("\n\nRead on: ")
                .append(card.reading())
                .append('\n');
    }

    private static void block(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append('\n').append(title).append(":\n\n```\n");
            lines.stream()
                    .limit(MOST_LINES)
                    .forEach(line -> text.append(line.stripTrailing()).append('\n'));
            text.append(lines.size() > MOST_LINES ? "           … and more\n```\n" : "```\n");
        }
    }

    private static void table(StringBuilder text, String title, Map<String, ?> rows) {
        if (!rows.isEmpty()) {
            text.append("\n| ").append(title).append(" | |\n|---|---|\n");
            rows.forEach((name, value) -> text.append("| ")
                    .append(cell(name))
                    .append(" | ")
                    .append(value)
                    .append(" |\n"));
        }
    }

    private static String heading(Card card) {
        return card.id() + " " + card.title();
    }

    /** The anchor that GitHub and others give to a heading: small letters, no marks, hyphens for blanks. */
    private static String anchor(Card card) {
        return heading(card)
                .toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    private static String cell(String words) {
        return words.replace("|", "\\|");
    }
}
