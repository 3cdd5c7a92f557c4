package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.Leftovers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code compare.json}: sentence, contenders, differences; figures by their keys. */
public final class ComparisonJson {

    private ComparisonJson() {}

    /** The text of {@code compare.json}, with a newline at its end. */
    static String write(
            Comparison comparison,
            StoppingRule rule,
            List<ActionCost> costs,
            List<String> notes,
            Leftovers before,
            List<Gate> gates) {
        Map<String, Object> tree = tree(comparison, notes);
        if (!gates.isEmpty()) {
            tree.put("passed", gates.stream().noneMatch(Gate::worse));
            tree.put("gates", gates.stream().map(GateJson::gate).toList());
        }
        tree.put("looks", rule.looks());
        tree.put("find", rule.find());
        tree.put("decided", comparison.decided());
        tree.put("actions", costs.stream().map(ActionCost::tree).toList());
        tree.put("before", before);
        tree.put("method", Comparison.method(comparison));
        return JsonText.of(tree);
    }

    public static Map<String, Object> tree(Comparison comparison, List<String> notes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sentence", comparison.sentence());
        tree.put("contenders", contenders(comparison));
        tree.put(
                "differences",
                comparison.differences().stream()
                        .map(ComparisonJson::difference)
                        .toList());
        tree.put("notes", notes);
        return tree;
    }

    static List<Map<String, Object>> contenders(Comparison comparison) {
        return comparison.contenders().stream().map(ComparisonJson::contender).toList();
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
        figures.forEach((figure, value) -> byKey.put(figure.key(), Summary.thousandths(value)));
        return byKey;
    }

    static Map<String, Object> difference(Difference difference) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Double ratio = difference.ratio();
        tree.put("figure", difference.figure().key());
        tree.put("contenders", List.of(difference.first(), difference.second()));
        tree.put(
                "medians",
                difference.medians().stream().map(Summary::thousandths).toList());
        tree.put("ratio", ratio == null ? null : Summary.thousandths(ratio));
        tree.put(
                "interval",
                difference.interval().isEmpty()
                        ? null
                        : difference.interval().stream()
                                .map(Summary::thousandths)
                                .toList());
        tree.put("adjustedP", Summary.thousandths(difference.adjustedP()));
        tree.put("distinguishable", difference.distinguishable());
        tree.put("primary", difference.role() != null);
        tree.put("answer", difference.answer().id());
        Double largest = difference.largest();
        tree.put("largestDifference", largest == null ? null : Summary.thousandths(largest));
        tree.put("moreRounds", difference.moreRounds());
        return tree;
    }
}
