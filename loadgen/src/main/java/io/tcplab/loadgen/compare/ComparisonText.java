package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.record.InWords;
import java.util.ArrayList;
import java.util.List;

/** The comparison for a reader: the sentence, then for each pair a table of what decides and one of the rest. */
public final class ComparisonText {

    private ComparisonText() {}

    /** The text, with a newline at its end. */
    static String render(Comparison comparison, List<ActionCost> costs, List<String> notes) {
        StringBuilder text = new StringBuilder(comparison.sentence()).append("\n");
        costs.forEach(each -> text.append(each.sentence()).append("\n"));
        tables(comparison).forEach(table -> columns(table, text));
        text.append("\n").append(Comparison.method(comparison)).append("\n");
        for (String note : notes) {
            text.append("\nNote: ").append(note).append("\n");
        }
        return text.toString();
    }

    /** The tables of each pair, heads first: the primary figures, then the secondary ones. */
    public static List<List<List<String>>> tables(Comparison comparison) {
        List<List<List<String>>> tables = new ArrayList<>();
        String part = "";
        for (Difference each : comparison.differences()) {
            String kind = each.role() == null ? "secondary" : "primary";
            String now = each.first() + "\n" + each.second() + "\n" + kind;
            if (!now.equals(part)) {
                tables.add(new ArrayList<>());
                tables.getLast()
                        .add(List.of(
                                kind + ", median of rounds",
                                each.first(),
                                each.second(),
                                "ratio",
                                "95%",
                                "difference"));
                part = now;
            }
            tables.getLast().add(row(each));
        }
        return tables;
    }

    private static List<String> row(Difference each) {
        Double ratio = each.ratio();
        return List.of(
                each.figure().label(),
                InWords.rate(each.firstMedian()),
                InWords.rate(each.secondMedian()),
                ratio == null ? "–" : Sentence.times(ratio),
                each.interval().isEmpty() ? "–" : Sentence.interval(each).strip(),
                answer(each));
    }

    private static String answer(Difference each) {
        Double largest = each.largest();
        return switch (each.answer()) {
            case DIFFERS -> "yes";
            case NO_LARGER -> largest == null || largest == 0 ? "no" : "no, ≤ " + Sentence.share(largest);
            case CANNOT_TELL ->
                each.role() == null ? "not seen" : "cannot tell yet: " + InWords.count(each.moreRounds()) + " more";
        };
    }

    /** Writes the rows in columns, the first to the left. */
    public static void columns(List<List<String>> rows, StringBuilder text) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        text.append("\n");
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String space = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "  " + row.get(i) + space : "  " + space + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append("\n");
        }
    }
}
