package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.report.html.HtmlPage;
import io.tcplab.loadgen.report.html.IntervalPlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code report.html} of a comparison: what the text has, the rounds as plots, and links to each round's own page. */
final class ComparisonHtml {

    private ComparisonHtml() {}

    /** The page of a comparison; {@code rounds} are the directories of each contender's rounds, beside the page. */
    static String of(Comparison comparison, List<ActionCost> costs, List<String> notes, Map<String, List<Path>> rounds)
            throws IOException {
        HtmlPage page = new HtmlPage("compare");
        page.element("h1", "Comparison").element("p", comparison.sentence());
        costs.forEach(each -> page.element("p", each.sentence()));
        intervals(comparison, page);
        ComparisonText.tables(comparison)
                .forEach(table -> page.element("h2", "Figures").figures(table));
        page.soft(Comparison.method(comparison));
        notes.forEach(note -> page.soft("Note: " + note));
        RoundPlots.add(comparison.contenders(), rounds, page);
        return page.end();
    }

    /** What decides, as a picture for each pair. */
    private static void intervals(Comparison comparison, HtmlPage page) {
        Map<String, List<IntervalPlot.Line>> pairs = new LinkedHashMap<>();
        for (Difference each : comparison.differences()) {
            Double ratio = each.ratio();
            if (each.role() != null
                    && ratio != null
                    && each.interval().size() == 2
                    && each.interval().getFirst() > 0) {
                pairs.computeIfAbsent(each.second() + " ÷ " + each.first(), _ -> new ArrayList<>())
                        .add(new IntervalPlot.Line(
                                each.figure().label(),
                                ratio,
                                each.interval().getFirst(),
                                each.interval().getLast(),
                                Sentence.times(ratio) + " "
                                        + Sentence.interval(each).strip(),
                                each.distinguishable()));
            }
        }
        pairs.forEach((pair, lines) ->
                page.element("h2", pair + ": ratios with their 95% intervals").intervals(lines));
    }
}
