package io.tcplab.loadgen.lab;

import java.util.List;

/** Results as a Markdown document that can be handed out. */
public final class LabMarkdown {
    private LabMarkdown() {}

    /** The document. */
    public static String of(List<LabResult> results, String kernel) {
        StringBuilder text = new StringBuilder("# TCP, as Linux " + kernel + " does it\n\n");
        text.append(
                "Each line is an experiment that was run on this kernel; the verdict is what the kernel showed.\n\n");
        text.append("| experiment | verdict | why |\n|---|---|---|\n");
        for (LabResult each : results) {
            text.append("| ")
                    .append(each.card().id())
                    .append(' ')
                    .append(cell(each.card().title()));
            text.append(" | ")
                    .append(each.word())
                    .append(" | ")
                    .append(cell(each.reason()))
                    .append(" |\n");
        }
        for (LabResult each : results) {
            Card card = each.card();
            text.append("\n## ")
                    .append(card.id())
                    .append(' ')
                    .append(card.title())
                    .append("\n\n");
            text.append("> ").append(card.hypothesis()).append("\n\n");
            text.append("**")
                    .append(each.word())
                    .append("**: ")
                    .append(each.reason())
                    .append("\n\n");
            text.append("What is verified: ").append(card.verifies()).append(" ");
            text.append("Why this order tests it: ").append(card.because()).append("\n");
            block(text, "Steps", each.evidence().steps());
            block(text, "Segments", each.evidence().segments());
            block(text, "Counters that moved", LabText.pairs(each.evidence().counters()));
            if (!card.reading().isEmpty()) {
                text.append("\nRead on: ").append(card.reading()).append("\n");
            }
        }
        return text.toString();
    }

    private static void block(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append('\n').append(title).append(":\n\n```\n");
            lines.forEach(line -> text.append(line).append('\n'));
            text.append("```\n");
        }
    }

    private static String cell(String words) {
        return words.replace("|", "\\|");
    }
}
