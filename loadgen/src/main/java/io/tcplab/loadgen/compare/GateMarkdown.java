package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.report.text.MarkdownText;
import java.util.List;

/** Gates as a comment for a pull request: the verdict first, then what got worse, then all figures folded away. */
final class GateMarkdown {

    private GateMarkdown() {}

    static String of(List<Gate> gates, List<String> notes) {
        boolean worse = gates.stream().anyMatch(Gate::worse);
        boolean judged = gates.stream().anyMatch(Gate::judged);
        StringBuilder text = new StringBuilder("### tcplab: ")
                .append(worse ? "got worse" : judged ? "nothing got worse" : "cannot tell")
                .append("\n");
        for (Gate gate : gates) {
            text.append("\n")
                    .append(gate.worse() ? "❌ " : gate.believed() && gate.judged() ? "✅ " : "❔ ")
                    .append(MarkdownText.of(GateText.sentence(gate)))
                    .append("\n");
            text.append("\n<details><summary>")
                    .append(gate.rows().size())
                    .append(" figures, ")
                    .append(gate.rounds().getFirst())
                    .append(" and ")
                    .append(gate.rounds().getLast())
                    .append(" rounds</summary>\n\n");
            table(GateText.rows(gate), text);
            if (!gate.mismatches().isEmpty()) {
                text.append("\nThe environments differ: ")
                        .append(MarkdownText.of(String.join("; ", gate.mismatches())))
                        .append("\n");
            }
            text.append("\n</details>\n");
        }
        notes.forEach(
                note -> text.append("\nNote: ").append(MarkdownText.of(note)).append("\n"));
        return text.toString();
    }

    private static void table(List<List<String>> rows, StringBuilder text) {
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ")
                    .append(String.join(
                            " | ", rows.get(i).stream().map(MarkdownText::of).toList()))
                    .append(" |\n");
            if (i == 0) {
                text.append("|---|---:|---:|---:|---|\n");
            }
        }
    }
}
