package io.tcplab.loadgen.tune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a tuning: {@code tune.json}, and the text for a reader. */
public final class TuningReport {

    private TuningReport() {}

    /** The text of {@code tune.json}: what {@code compare.json} has, and cells and knobs. */
    public static String json(Tuning tuning, List<String> notes) {
        List<Contender> contenders =
                tuning.cells().stream().map(CellResult::contender).toList();
        Map<String, Object> tree =
                ComparisonJson.tree(new Comparison(tuning.sentence(), contenders, tuning.differences()), notes);
        tree.put("cells", tuning.cells().stream().map(TuningReport::cell).toList());
        tree.put("knobs", tuning.knobs());
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

    /** The text, with a newline at its end. */
    public static String text(Tuning tuning, List<String> notes) {
        StringBuilder text = new StringBuilder(tuning.sentence()).append("\n");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"cell", "completed", "errors", "TW peak", "TW begun", "reused", "expected"});
        tuning.cells().forEach(cell -> rows.add(row(cell)));
        ComparisonText.flush(rows, text);
        text.append("\nWhy so many:\n");
        for (CellResult cell : tuning.cells()) {
            PortLaw law = cell.law();
            if (law != null) {
                text.append("  ").append(cell.cell().name()).append(": ").append(law.because());
                text.append(law.held() ? "\n" : ", but " + law.observed() + " completed" + why(law) + "\n");
            }
        }
        tuning.knobs().forEach(knob -> append(knob, text));
        notes.forEach(note -> text.append("\nNote: ").append(note).append("\n"));
        return text.toString();
    }

    private static String[] row(CellResult result) {
        PortLaw law = result.law();
        Contender contender = result.contender();
        return new String[] {
            result.cell().name(),
            Sentence.number(result.outcomes().getOrDefault("completed", 0.0)),
            Sentence.number(contender.medians().getOrDefault(ComparedFigure.ERRORS, 0.0)),
            Sentence.number(contender.medians().getOrDefault(ComparedFigure.CLIENT_TIME_WAIT, 0.0)),
            counter(result, "client TcpExt.TW"),
            counter(result, "client TcpExt.TWRecycled"),
            law == null ? "–" : Sentence.number(law.expected()) + mark(law) + lateRounds(result)
        };
    }

    /** A late round beside one that held says why the median is not what was expected. */
    private static String lateRounds(CellResult result) {
        long late = result.laws().stream().filter(PortLaw::undecided).count();
        return late == 0 || late == result.laws().size() ? "" : ", " + late + " late";
    }

    private static String why(PortLaw law) {
        return law.undecided() ? ": the generator was late, so this says nothing" : "";
    }

    private static String mark(PortLaw law) {
        if (law.held()) {
            return " ✓";
        }
        return law.undecided() ? " late" : " ✗";
    }

    private static String counter(CellResult result, String name) {
        double[] values = result.counters().get(name);
        return values == null ? "0" : Sentence.number(RatioInterval.median(values.clone()));
    }

    private static void append(KnobVerdict knob, StringBuilder text) {
        text.append("\n").append(knob.key()).append(knob.tookEffect() ? ": took effect\n" : "\n");
        text.append("  ").append(knob.verdict()).append("\n");
        knob.evidence().forEach(each -> text.append("  evidence: ").append(each).append("\n"));
        if (!knob.recommendation().isEmpty()) {
            text.append("  advice: ").append(knob.recommendation()).append("\n");
        }
    }
}
