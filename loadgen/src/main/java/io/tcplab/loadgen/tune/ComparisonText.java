package io.tcplab.loadgen.tune;

import java.util.ArrayList;
import java.util.List;

/** The comparison for a reader: the sentence, then a table for each pair. */
public final class ComparisonText {

    private ComparisonText() {}

    /** The text, with a newline at its end. */
    public static String render(Comparison comparison, List<String> notes) {
        StringBuilder text = new StringBuilder(comparison.sentence()).append("\n");
        String pair = "";
        List<String[]> rows = new ArrayList<>();
        for (Difference each : comparison.differences()) {
            String now = each.first() + "\n" + each.second();
            if (!now.equals(pair)) {
                flush(rows, text);
                rows.add(new String[] {"median of rounds", each.first(), each.second(), "ratio", "95%", "difference"});
                pair = now;
            }
            rows.add(row(each));
        }
        flush(rows, text);
        for (String note : notes) {
            text.append("\nNote: ").append(note).append("\n");
        }
        return text.toString();
    }

    private static String[] row(Difference each) {
        Double ratio = each.ratio();
        return new String[] {
            each.figure().label(),
            Sentence.number(each.firstMedian()),
            Sentence.number(each.secondMedian()),
            ratio == null ? "–" : Sentence.times(ratio),
            each.interval().isEmpty() ? "–" : Sentence.interval(each).strip(),
            each.distinguishable() ? "yes" : "no"
        };
    }

    /** Writes the rows in columns, the first to the left, and forgets them. */
    static void flush(List<String[]> rows, StringBuilder text) {
        if (rows.isEmpty()) {
            return;
        }
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        text.append("\n");
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String space = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? "  " + row[i] + space : "  " + space + row[i]);
            }
            text.append(line.toString().stripTrailing()).append("\n");
        }
        rows.clear();
    }
}
