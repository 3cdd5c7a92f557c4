package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.compare.Comparison;
import io.tcplab.loadgen.compare.ComparisonJson;
import io.tcplab.loadgen.compare.Contender;
import io.tcplab.loadgen.compare.RatioInterval;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes {@code tune.json}. */
public final class TuningJson {

    private TuningJson() {}

    /** The text of {@code tune.json}: what {@code compare.json} has, and cells and knobs. */
    public static String write(Tuning tuning, List<String> notes, Leftovers before) {
        List<Contender> contenders =
                tuning.cells().stream().map(CellResult::contender).toList();
        Map<String, Object> tree =
                ComparisonJson.tree(new Comparison(tuning.sentence(), contenders, tuning.differences()), notes);
        tree.put("before", before);
        tree.put("cells", tuning.cells().stream().map(TuningJson::cell).toList());
        tree.put("knobs", tuning.knobs());
        tree.put("overflowPoint", OverflowPoint.of(tuning.cells()));
        return JsonText.of(tree);
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
        tree.put("acceptQueue", acceptQueue(result));
        tree.put("law", result.law());
        return tree;
    }

    /** What the kernel granted the listener, which is how a backlog reads back, and the longest queue of any round. */
    private static @Nullable Map<String, Long> acceptQueue(CellResult result) {
        Map<String, Long> tree = new LinkedHashMap<>();
        for (Summary round : result.rounds()) {
            SideFigures server = round.kernel().server();
            KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
            if (queue != null) {
                tree.put("limit", queue.limit());
                tree.merge("peak", queue.peak(), Math::max);
            }
        }
        return tree.isEmpty() ? null : tree;
    }
}
