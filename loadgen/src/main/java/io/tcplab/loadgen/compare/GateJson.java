package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.result.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Saved results, compared, as {@code compare.json} has them, with a gate for each pair. */
final class GateJson {

    private GateJson() {}

    static String of(List<Gate> gates, List<Comparison> comparisons, List<String> notes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "sentence",
                String.join(" ", gates.stream().map(GateText::sentence).toList()));
        tree.put("passed", gates.stream().noneMatch(Gate::worse));
        tree.put("gates", gates.stream().map(GateJson::gate).toList());
        tree.put(
                "contenders",
                comparisons.stream()
                        .flatMap(each -> ComparisonJson.contenders(each).stream())
                        .distinct()
                        .toList());
        tree.put(
                "differences",
                comparisons.stream()
                        .flatMap(each -> each.differences().stream())
                        .map(ComparisonJson::difference)
                        .toList());
        tree.put("notes", notes);
        return JsonText.of(tree);
    }

    /** A gate by its keys. */
    static Map<String, Object> gate(Gate gate) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("base", gate.base());
        tree.put("now", gate.now());
        tree.put("rounds", gate.rounds());
        tree.put("passed", !gate.worse());
        tree.put("sentence", GateText.sentence(gate));
        tree.put("environmentsMatch", gate.mismatches().isEmpty());
        tree.put("mismatches", gate.mismatches());
        tree.put("figures", gate.rows().stream().map(GateJson::row).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> row(GateRow row) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("figure", row.key());
        tree.put("base", millionths(row.base()));
        tree.put("now", millionths(row.now()));
        tree.put("limit", millionths(row.limit()));
        tree.put("verdict", row.verdict().id());
        tree.put("reason", row.reason());
        return tree;
    }

    /** An error in 2,500 connections is 0.0004. */
    private static @Nullable Double millionths(@Nullable Double value) {
        return value == null ? null : Double.valueOf(Math.round(value * 1e6) / 1e6);
    }
}
