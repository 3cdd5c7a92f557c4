package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Printable;
import java.util.List;

/** Gates as a comment for a pull request: the verdict first, then what got worse, then all figures folded away. */
final class GateMarkdown {

    private GateMarkdown() {}

    static String of(List<Gate> gates) {
        boolean worse = gates.stream().anyMatch(Gate::worse);
        StringBuilder text = new StringBuilder("### tcplab: ")
                .append(worse ? "got worse" : "nothing got worse")
                .append("\n");
        for (Gate gate : gates) {
            text.append("\n")
                    .append(gate.worse() ? "❌ " : gate.believed() ? "✅ " : "❔ ")
                    .append(cell(GateText.sentence(gate)))
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
                        .append(cell(String.join("; ", gate.mismatches())))
                        .append("\n");
            }
            text.append("\n</details>\n");
        }
        return text.toString();
    }

    private static void table(List<List<String>> rows, StringBuilder text) {
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ")
                    .append(String.join(
                            " | ", rows.get(i).stream().map(GateMarkdown::cell).toList()))
                    .append(" |\n");
            if (i == 0) {
                text.append("|---|---:|---:|---:|---|\n");
            }
        }
    }

    /** A directory's name is text, and no markup. */
    private static String cell(String words) {
        return Printable.line(words).replace("|", "\\|").replace("<", "&lt;");
    }
}
