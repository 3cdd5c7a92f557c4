package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.record.InWords;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gate for a reader: one sentence, then a table of what was judged and why the rest was not. */
final class GateText {

    private static final int MOST_NAMED = 4;
    private static final double RARE = 0.01;

    private GateText() {}

    /** What it comes to. */
    static String sentence(Gate gate) {
        List<GateRow> worse = of(gate, GateRow.Verdict.WORSE);
        List<GateRow> open = of(gate, GateRow.Verdict.CANNOT_TELL);
        String rest = open.isEmpty() ? "" : " " + open(open);
        if (worse.isEmpty()) {
            int judged = gate.rows().size() - open.size();
            return judged == 0
                    ? "Nothing could be judged of " + gate.now() + " against " + gate.base() + "." + rest
                    : "Nothing got worse from " + gate.base() + " to " + gate.now() + " in " + judged
                            + (judged == 1 ? " figure." : " figures.") + rest;
        }
        List<String> each = worse.stream()
                .map(row -> row.label() + " " + number(row.base()) + " → " + number(row.now()) + " (limit "
                        + number(row.limit()) + ")")
                .toList();
        return "Worse from " + gate.base() + " to " + gate.now() + ": " + String.join("; ", each) + "." + rest;
    }

    /** What is not judged, by the reason. */
    private static String open(List<GateRow> open) {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        open.forEach(row ->
                byReason.computeIfAbsent(row.reason(), _ -> new ArrayList<>()).add(row.label()));
        List<String> parts = new ArrayList<>();
        byReason.forEach((reason, labels) -> parts.add("Cannot tell in "
                + (labels.size() > MOST_NAMED ? labels.size() + " figures" : String.join(", ", labels)) + ": " + reason
                + "."));
        return String.join(" ", parts);
    }

    private static List<GateRow> of(Gate gate, GateRow.Verdict verdict) {
        return gate.rows().stream().filter(row -> row.verdict() == verdict).toList();
    }

    /** The sentence, the table and what differs between the environments. */
    static void append(Gate gate, StringBuilder text) {
        text.append(sentence(gate)).append("\n");
        ComparisonText.columns(rows(gate), text);
        if (!gate.mismatches().isEmpty()) {
            text.append("\nThe environments differ: ")
                    .append(String.join("; ", gate.mismatches()))
                    .append("\n");
        }
    }

    /** The table, its head first. */
    static List<List<String>> rows(Gate gate) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("figure", gate.base(), gate.now(), "limit", "verdict"));
        for (GateRow row : gate.rows()) {
            rows.add(List.of(
                    row.label(),
                    number(row.base()),
                    number(row.now()),
                    number(row.limit()),
                    row.verdict().words()));
        }
        return rows;
    }

    /** Of what is rare, the first two digits: one connection in 2,500 is 0.0004. */
    static String number(@Nullable Double value) {
        if (value == null) {
            return "–";
        }
        return value == 0 || Math.abs(value) >= RARE
                ? InWords.rate(value)
                : new BigDecimal(value, new MathContext(2)).stripTrailingZeros().toPlainString();
    }
}
