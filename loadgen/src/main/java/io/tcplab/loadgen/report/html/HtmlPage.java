package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.result.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;

/**
 * An HTML page that asks for nothing outside itself. Tables are plain HTML; the plots need JavaScript and are drawn by uPlot (MIT licence,
 * carried in the page). What is given as text is escaped.
 */
public final class HtmlPage {

    private final HtmlText html = new HtmlText();
    private final List<Plots.Plot> plots = new ArrayList<>();
    private final Map<String, List<Marks.Mark>> marks = new LinkedHashMap<>();

    /** Begins a page. */
    public HtmlPage(String title) throws IOException {
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
                .raw("style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n")
                .raw("<link rel=\"icon\" href=\"data:,\">\n")
                .element("title", "", title + " – tcplab")
                .raw("<style>\n" + resource("uplot.min.css") + resource("report.css") + "</style>\n")
                .raw("<noscript><style>.plots { display: none; } .no-js { display: block; }</style></noscript>\n")
                .raw("</head>\n<body>\n<main id=\"top\">\n");
    }

    HtmlText html() {
        return html;
    }

    /** Appends {@code <name>text</name>}: h1, h2, h3 or p. */
    public HtmlPage element(String name, String text) {
        html.element(name, "", text);
        return this;
    }

    /** Appends a paragraph in the colour of what is of less weight. */
    public HtmlPage soft(String text) {
        html.element("p", "soft", text);
        return this;
    }

    /** Appends the answer, in the size of one. */
    public HtmlPage answer(List<String> sentences) {
        html.raw("<div class=\"answer\">\n");
        sentences.forEach(sentence -> html.element("p", "", sentence));
        html.raw("</div>\n");
        return this;
    }

    /** Appends a table, its head first. */
    public HtmlPage table(List<List<TableCell>> rows) {
        html.beginTable(rows.getFirst());
        rows.stream().skip(1).forEach(html::row);
        html.endTable();
        return this;
    }

    /** Appends a table of figures, its head first. */
    public HtmlPage figures(List<List<String>> rows) {
        return table(rows.stream().map(TableCell::figures).toList());
    }

    /** Appends a list. */
    public HtmlPage list(List<String> items) {
        if (!items.isEmpty()) {
            html.raw("<ul>\n");
            items.forEach(item -> html.element("li", "", item));
            html.raw("</ul>\n");
        }
        return this;
    }

    /** Appends links to files beside the page: text by path, which must need no escaping. */
    public HtmlPage links(Map<String, String> textByPath) {
        html.raw("<p>");
        textByPath.forEach((path, text) ->
                html.raw("<a href=\"" + HtmlText.escape(path) + "\">" + HtmlText.escape(text) + "</a>\n"));
        html.raw("</p>\n");
        return this;
    }

    /** Begins a section of plots. */
    public HtmlPage beginPlots(String title) {
        html.raw("<section class=\"plots\">").element("h2", "", title).raw("<div class=\"grid\">\n");
        return this;
    }

    /** Ends it. */
    public HtmlPage endPlots() {
        html.raw("</div></section>\n");
        return this;
    }

    /** Appends a plot of figures by the number of their round: one line for each name. */
    public HtmlPage rounds(String title, String words, Map<String, List<Double>> lines) {
        int most = lines.values().stream().mapToInt(List::size).max().orElse(0);
        List<Double> x = new ArrayList<>();
        for (int i = 1; i <= most; i++) {
            x.add((double) i);
        }
        List<Plots.Series> series = new ArrayList<>();
        lines.forEach((name, values) -> {
            List<@Nullable Double> y = new ArrayList<>(values);
            while (y.size() < most) {
                y.add(null);
            }
            series.add(new Plots.Series(name, y));
        });
        plot(title, words, new Plots.Plot("line", "count", "rounds", x, series));
        return this;
    }

    /** From now on plots that share this word have these marks. */
    void marks(String sync, List<Marks.Mark> moments) {
        marks.put(sync, moments);
    }

    /** Appends ratios with their intervals. */
    public HtmlPage intervals(List<IntervalPlot.Line> lines) {
        if (!lines.isEmpty()) {
            html.raw("<div class=\"card scroll\" tabindex=\"0\">" + IntervalPlot.of(lines) + "</div>\n");
        }
        return this;
    }

    void plot(String title, String words, Plots.Plot plot) {
        if (plot.isEmpty()) {
            return;
        }
        html.raw("<div class=\"card\">").element("h3", "", title);
        if (!words.isEmpty()) {
            html.element("p", "soft", words);
        }
        html.raw("<div class=\"plot\" role=\"img\" tabindex=\"0\" aria-label=\"" + HtmlText.escape(title)
                + ": arrow keys read its values\" data-plot=\"" + plots.size() + "\"></div></div>\n");
        plots.add(plot);
    }

    /** Ends the page and returns its text. */
    public String end() throws IOException {
        html.raw("<footer>Written by tcplab. Latencies from HdrHistogram; plots by uPlot 1.6.32.")
                .raw("<details><summary>Licence of uPlot</summary><pre>")
                .raw(HtmlText.escape(resource("uplot.LICENSE.txt")))
                .raw("</pre></details></footer>\n</main>\n")
                .raw("<script type=\"application/json\" id=\"data\">" + plotsJson() + "</script>\n")
                .raw("<script>" + resource("uplot.min.js") + "</script>\n")
                .raw("<script>" + resource("report.js") + "</script>\n</body>\n</html>\n");
        return html.toString();
    }

    /** No {@code <} may stand in a script element's text, lest a name end the element. */
    private String plotsJson() {
        return JsonText.MAPPER
                .writer()
                .without(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(Map.of("plots", plots, "marks", marks))
                .replace("<", "\\u003c");
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("the program is incomplete: " + name + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
