package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.watch.Leftovers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes {@code compare.json}: sentence, contenders, differences; figures by their keys. */
public final class ComparisonJson {

    public static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ComparisonJson() {}

    /** The text of {@code compare.json}, with a newline at its end. */
    public static String write(Comparison comparison, List<String> notes, Leftovers before) {
        Map<String, Object> tree = tree(comparison, notes);
        tree.put("before", before);
        tree.put("method", Comparison.method(comparison));
        return MAPPER.writeValueAsString(tree) + "\n";
    }

    public static Map<String, Object> tree(Comparison comparison, List<String> notes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sentence", comparison.sentence());
        tree.put(
                "contenders",
                comparison.contenders().stream().map(ComparisonJson::contender).toList());
        tree.put(
                "differences",
                comparison.differences().stream()
                        .map(ComparisonJson::difference)
                        .toList());
        tree.put("notes", notes);
        return tree;
    }

    private static Map<String, Object> contender(Contender contender) {
        List<Map<String, Double>> rounds = new ArrayList<>();
        contender.rounds().forEach(round -> rounds.add(byKey(round)));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", contender.name());
        tree.put("rounds", rounds);
        tree.put("figures", byKey(contender.medians()));
        return tree;
    }

    private static Map<String, Double> byKey(Map<ComparedFigure, Double> figures) {
        Map<String, Double> byKey = new LinkedHashMap<>();
        figures.forEach((figure, value) -> byKey.put(figure.key(), thousandths(value)));
        return byKey;
    }

    static Map<String, Object> difference(Difference difference) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Double ratio = difference.ratio();
        tree.put("figure", difference.figure().key());
        tree.put("contenders", List.of(difference.first(), difference.second()));
        tree.put(
                "medians",
                difference.medians().stream().map(ComparisonJson::thousandths).toList());
        tree.put("ratio", ratio == null ? null : thousandths(ratio));
        tree.put(
                "interval",
                difference.interval().isEmpty()
                        ? null
                        : difference.interval().stream()
                                .map(ComparisonJson::thousandths)
                                .toList());
        tree.put("adjustedP", thousandths(difference.adjustedP()));
        tree.put("distinguishable", difference.distinguishable());
        return tree;
    }

    private static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
