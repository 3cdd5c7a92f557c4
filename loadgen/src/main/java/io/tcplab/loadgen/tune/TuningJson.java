package io.tcplab.loadgen.tune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code tune.json}. */
public final class TuningJson {

    private TuningJson() {}

    /** The text of {@code tune.json}: what {@code compare.json} has, and cells and knobs. */
    public static String write(Tuning tuning, List<String> notes) {
        List<Contender> contenders =
                tuning.cells().stream().map(CellResult::contender).toList();
        Map<String, Object> tree =
                ComparisonJson.tree(new Comparison(tuning.sentence(), contenders, tuning.differences()), notes);
        tree.put("cells", tuning.cells().stream().map(TuningJson::cell).toList());
        tree.put("knobs", tuning.knobs());
        tree.put("overflowPoint", OverflowPoint.of(tuning.cells()));
        return ComparisonJson.MAPPER.writeValueAsString(tree) + "\n";
    }

    private static Map<String, Object> cell(CellResult result) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        result.cell().settings().forEach((knob, value) -> settings.put(knob.label(), value));
        Map<String, Double> counters = new LinkedHashMap<>();
        result.counters().forEach((name, values) -> counters.put(name, RatioInterval.median(values)));
        tree.put("name", result.cell().name());
        tree.put("settings", settings);
        tree.put("readBack", result.readBack());
        tree.put("outcomes", result.outcomes());
        tree.put("counters", counters);
        tree.put("law", result.law());
        return tree;
    }
}
