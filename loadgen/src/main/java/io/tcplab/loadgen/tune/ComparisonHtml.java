package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.compare.ComparedFigure;
import io.tcplab.loadgen.compare.Comparison;
import io.tcplab.loadgen.compare.ComparisonText;
import io.tcplab.loadgen.compare.Contender;
import io.tcplab.loadgen.report.html.HtmlPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code report.html} of a comparison and of a tuning: what the text has, the rounds as plots, and links to each round's own page. */
public final class ComparisonHtml {

    private static final int MOST_LINES = 8;
    private static final List<ComparedFigure> PLOTTED = List.of(
            ComparedFigure.EXCHANGES,
            ComparedFigure.CONNECTIONS,
            ComparedFigure.WORK_PER_CPU,
            ComparedFigure.CONNECT_P99,
            ComparedFigure.RESPONSE_P99,
            ComparedFigure.CLIENT_TIME_WAIT,
            ComparedFigure.SERVER_TIME_WAIT,
            ComparedFigure.ACCEPT_QUEUE,
            ComparedFigure.ERRORS);

    private ComparisonHtml() {}

    /** The page of a comparison; {@code rounds} are the directories of each contender's rounds, beside the page. */
    public static String of(Comparison comparison, List<String> notes, Map<String, List<Path>> rounds)
            throws IOException {
        HtmlPage page = new HtmlPage("compare");
        page.element("h1", "Comparison").element("p", comparison.sentence());
        ComparisonText.tables(comparison)
                .forEach(table -> page.element("h2", "Figures").table(table));
        page.soft(Comparison.method(comparison));
        notes.forEach(note -> page.soft("Note: " + note));
        plots(comparison.contenders(), page);
        links(rounds, page);
        return page.end();
    }

    /** The page of a tuning; {@code rounds} as above, by the cell's name. */
    public static String of(Tuning tuning, List<String> notes, Map<String, List<Path>> rounds) throws IOException {
        HtmlPage page = new HtmlPage("tune");
        page.element("h1", "Tuning").element("p", tuning.sentence());
        page.element("h2", "Cells").table(TuningText.rows(tuning));
        List<String> lawful = tuning.cells().stream()
                .filter(cell -> cell.law() != null)
                .map(TuningText::because)
                .toList();
        if (!lawful.isEmpty()) {
            page.element("h2", "Why so many").list(lawful);
        }
        for (KnobVerdict knob : tuning.knobs()) {
            page.element("h2", knob.key() + (knob.tookEffect() ? ": took effect" : ""));
            if (knob.tookEffect()) {
                page.list(knob.effects());
                page.list(knob.without().stream()
                        .map(each -> "no effect: " + each)
                        .toList());
            } else {
                page.element("p", knob.verdict());
            }
            page.list(knob.evidence().stream().map(each -> "evidence: " + each).toList());
            if (!knob.recommendation().isEmpty()) {
                page.element("p", knob.recommendation());
            }
        }
        notes.forEach(note -> page.soft("Note: " + note));
        plots(tuning.cells().stream().map(CellResult::contender).toList(), page);
        links(rounds, page);
        return page.end();
    }

    private static void plots(List<Contender> contenders, HtmlPage page) {
        if (contenders.size() > MOST_LINES) {
            return; // nobody can tell so many lines apart
        }
        page.beginPlots("Round by round");
        for (ComparedFigure figure : PLOTTED) {
            Map<String, List<Double>> lines = new LinkedHashMap<>();
            for (Contender contender : contenders) {
                List<Double> line = contender.byFigure().getOrDefault(figure, List.of());
                if (line.stream().anyMatch(value -> value != 0)) {
                    lines.put(contender.name(), line);
                }
            }
            page.rounds(figure.label(), figure.meaning(), lines);
        }
        page.endPlots();
    }

    private static void links(Map<String, List<Path>> rounds, HtmlPage page) {
        page.element("h2", "Each round");
        List<String> names = new ArrayList<>(rounds.keySet());
        for (String name : names) {
            Map<String, String> links = new LinkedHashMap<>();
            List<Path> each = rounds.getOrDefault(name, List.of());
            for (int i = 0; i < each.size(); i++) {
                links.put(each.get(i).getFileName() + "/report.html", "round " + (i + 1));
            }
            page.soft(name).links(links);
        }
    }
}
