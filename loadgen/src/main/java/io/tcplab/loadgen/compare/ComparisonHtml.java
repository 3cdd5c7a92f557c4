package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.report.html.HtmlPage;
import io.tcplab.loadgen.report.html.IntervalPlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes {@code report.html} of a comparison: what the text has, the rounds as plots, and links to each round's own page. */
final class ComparisonHtml {

    private ComparisonHtml() {}

    /** The page of a comparison; {@code rounds} are the directories of each contender's rounds, beside the page. */
    static String of(Comparison comparison, List<ActionCost> costs, List<String> notes, Map<String, List<Path>> rounds)
            throws IOException {
        String names = comparison.contenders().stream().map(Contender::name).collect(Collectors.joining(" · "));
        HtmlPage page = new HtmlPage(names);
        List<String> answer = new ArrayList<>(List.of(comparison.sentence()));
        costs.forEach(each -> answer.add(each.sentence()));
        page.element("h1", names).soft("Comparison, " + rounds(comparison)).answer(answer);
        intervals(comparison, page);
        for (List<List<String>> table : ComparisonText.tables(comparison)) {
            boolean decides = table.getFirst().getFirst().startsWith("primary");
            page.element("h2", decides ? "Figures that decide" : "Other figures")
                    .figures(table);
        }
        page.soft(Comparison.method(comparison));
        notes.forEach(note -> page.soft("Note: " + note));
        RoundPlots.add(comparison.contenders(), rounds, page);
        return page.end();
    }

    private static String rounds(Comparison comparison) {
        int most = comparison.contenders().stream()
                .mapToInt(each -> each.rounds().size())
                .max()
                .orElse(0);
        return most == 1 ? "1 round of each" : most + " rounds of each";
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
