package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Printable;
import java.util.List;
import java.util.regex.Pattern;

/** Gates as a comment for a pull request: the verdict first, then what got worse, then all figures folded away. */
final class GateMarkdown {

    /** An underscore within a word is one (GitHub Flavored Markdown, 6.2). */
    private static final Pattern MARKUP = Pattern.compile("[\\\\*`\\[\\]|]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])");

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
        notes.forEach(note -> text.append("\nNote: ").append(cell(note)).append("\n"));
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
        String text = Printable.line(words).replace("&", "&amp;").replace("<", "&lt;");
        return MARKUP.matcher(text).replaceAll("\\\\$0");
    }
}
