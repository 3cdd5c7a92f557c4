package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.compare.RoundPlots;
import io.tcplab.loadgen.report.html.HtmlPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes {@code report.html} of a tuning: what the text has, the rounds as plots, and links to each round's own page. */
final class TuningHtml {

    private TuningHtml() {}

    /** The page of a tuning; {@code rounds} are the directories of each cell's rounds, by its name. */
    static String of(Tuning tuning, List<String> notes, Map<String, List<Path>> rounds) throws IOException {
        HtmlPage page = new HtmlPage("tune");
        page.element("h1", "Tuning").answer(List.of(tuning.sentence()));
        page.element("h2", "Cells").figures(TuningText.rows(tuning));
        List<String> lawful = tuning.cells().stream()
                .filter(cell -> cell.law() != null)
                .map(TuningText::because)
                .toList();
        if (!lawful.isEmpty()) {
            page.element("h2", "How the expected count follows").list(lawful);
        }
        for (KnobVerdict knob : tuning.knobs()) {
            page.element("h2", knob.key() + (knob.tookEffect() ? ": took effect" : ""));
            if (knob.tookEffect()) {
                page.list(knob.effects());
                page.list(knob.cannotTell().stream()
                        .map(each -> "cannot tell: " + each)
                        .toList());
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
        RoundPlots.add(tuning.cells().stream().map(CellResult::contender).toList(), rounds, page);
        return page.end();
    }
}
