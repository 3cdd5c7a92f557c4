package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.report.html.HtmlPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rounds on a page: each figure round by round as a plot, and links to each round's own page. */
public final class RoundPlots {

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

    private RoundPlots() {}

    /** Adds the plots; {@code rounds} are the directories of each contender's rounds, beside the page. */
    public static void add(List<Contender> contenders, Map<String, List<Path>> rounds, HtmlPage page) {
        plots(contenders, page);
        links(rounds, page);
    }

    private static void plots(List<Contender> contenders, HtmlPage page) {
        if (contenders.size() > MOST_LINES) {
            return; // so many lines cannot be told apart
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
