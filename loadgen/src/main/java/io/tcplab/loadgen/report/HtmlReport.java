package io.tcplab.loadgen.report;

import io.tcplab.loadgen.record.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;

/**
 * One or several runs as one HTML page that asks for nothing outside itself. Tables are plain HTML; the plots need JavaScript and are
 * drawn by uPlot (MIT licence, carried in the page).
 */
public final class HtmlReport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final List<FinishedRun> runs;
    private final HtmlText html = new HtmlText();
    private final List<Plots.Plot> plots = new ArrayList<>();

    private HtmlReport(List<FinishedRun> runs) {
        this.runs = runs;
    }

    /** The page of one results directory; throws with a sentence when it holds no finished run. */
    public static String fromDirectory(Path directory) throws IOException {
        return fromDirectories(List.of(directory));
    }

    /** The page of a run that has just been written to {@code directory}. */
    public static String of(Path directory, Summary summary, Environment environment) throws IOException {
        return new HtmlReport(List.of(FinishedRun.of(directory, summary, environment))).page();
    }

    /** One page that compares several runs; they keep the given order. */
    public static String fromDirectories(List<Path> directories) throws IOException {
        List<FinishedRun> runs = new ArrayList<>();
        for (Path directory : directories) {
            runs.add(FinishedRun.read(directory));
        }
        return new HtmlReport(runs).page();
    }

    private String page() throws IOException {
        String title =
                runs.size() == 1 ? runs.getFirst().summary().profile() : "Comparison of " + runs.size() + " runs";
        addHead(title);
        if (runs.size() == 1) {
            addRun(runs.getFirst());
        } else {
            html.element("h1", "", title);
            new HtmlComparison(runs, html).table();
            addPercentiles();
            for (FinishedRun run : runs) {
                html.raw("<details class=\"run\"><summary>" + HtmlText.escape(run.name()) + "</summary>\n");
                addRun(run);
                html.raw("</details>\n");
            }
        }
        addFoot();
        return html.toString();
    }

    private void addHead(String title) throws IOException {
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
                .raw("style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n")
                .raw("<link rel=\"icon\" href=\"data:,\">\n")
                .element("title", "", title + " – tcplab")
                .raw("<style>\n" + resource("uplot.min.css") + resource("report.css") + "</style>\n")
                .raw("<noscript><style>.plots { display: none; } .no-js { display: block; }</style></noscript>\n")
                .raw("</head>\n<body>\n<main>\n");
    }

    private void addRun(FinishedRun run) {
        Summary summary = run.summary();
        addTop(summary);
        HtmlTables tables = new HtmlTables(summary, html);
        tables.tiles();
        tables.warnings();
        tables.thresholds();
        if (runs.size() == 1) {
            addPercentiles();
        }
        addTimeline(run);
        tables.latencies();
        tables.outcomes();
        tables.kernel();
        tables.reconciliation();
        tables.cost();
        addEnvironment(run);
    }

    private void addTop(Summary summary) {
        html.raw("<h1>" + HtmlText.escape(summary.profile()))
                .raw(
                        summary.valid()
                                ? "<span class=\"badge good\">valid</span>"
                                : "<span class=\"badge bad\">not valid</span>")
                .raw(summary.interrupted() ? "<span class=\"badge careful\">interrupted</span>" : "")
                .raw("</h1>\n")
                .element(
                        "p",
                        "soft",
                        TIME.format(summary.startedAt()) + " · " + InWords.seconds(summary.durationSeconds())
                                + " · seed "
                                + summary.seed() + " · "
                                + InWords.count(summary.outcomes().started())
                                + " connections");
        if (!summary.valid()) {
            html.element("p", "bad", "These figures are not to be believed; the warnings say why.");
        }
    }

    private void addPercentiles() {
        html.raw("<section class=\"plots\">")
                .element("h2", "", "Latency by percentile")
                .raw("<div class=\"grid\">\n");
        for (Metric metric : Metric.values()) {
            addPlot(metric.key(), metric.sentence(), Plots.percentiles(runs, metric));
        }
        html.raw("</div></section>\n");
    }

    private void addTimeline(FinishedRun run) {
        Plots of = new Plots(run, runs.size());
        html.raw("<section class=\"plots\">").element("h2", "", "Timeline").raw("<div class=\"grid\">\n");
        addPlot("Connections per second", "", of.connectionRates());
        addPlot("Exchanges per second", "", of.exchangeRates());
        addPlot("Latency", "of connections and exchanges that ended in each interval", of.latencies());
        addPlot("Connections under way", "", of.inFlight());
        addPlot("Accept queue and SYN queue", "the server's listener; it overflows at limit + 1", of.acceptQueue());
        addPlot("TIME_WAIT", "stays with the side that closed first, for 60 s", of.timeWait());
        addPlot("States, client", "sockets by state, stacked, without TIME_WAIT", of.states(TimelineRow.CLIENT));
        addPlot("States, server", "sockets by state, stacked, without TIME_WAIT", of.states(TimelineRow.SERVER));
        html.raw(
                "</div></section>\n<p class=\"no-js soft\">The plots need JavaScript; every table does without.</p>\n");
    }

    private void addPlot(String title, String words, Plots.Plot plot) {
        if (plot.isEmpty()) {
            return;
        }
        html.raw("<div class=\"card\">").element("h3", "", title);
        if (!words.isEmpty()) {
            html.element("p", "soft", words);
        }
        html.raw("<div class=\"plot\" data-plot=\"" + plots.size() + "\"></div></div>\n");
        plots.add(plot);
    }

    private void addEnvironment(FinishedRun run) {
        Environment environment = run.environment();
        if (environment != null) {
            html.element("h2", "", "Environment").beginTable(List.of("fact", "~client", "~server"));
            html.row(List.of("tcplab", "~" + environment.tcplab(), "~"));
            html.row(List.of("kernel", "~" + environment.kernel(), "~"));
            html.row(List.of("CPU", "~" + environment.cpus() + " × " + environment.cpu(), "~"));
            html.row(List.of("JDK", "~" + environment.jdk(), "~"));
            html.row(List.of("Netty", "~" + environment.netty() + ", " + environment.transport(), "~"));
            html.row(List.of("isolation", "~" + environment.isolation(), "~"));
            addSides(environment);
            html.endTable();
        }
        if (!run.profile().isEmpty()) {
            html.raw("<details><summary>Effective profile</summary><div class=\"card\"><pre>"
                    + HtmlText.escape(run.profile()) + "</pre></div></details>\n");
        }
    }

    private void addSides(Environment environment) {
        Environment.Side client = environment.client();
        Environment.Side server = environment.server();
        addSettings(client.facts(), server == null ? Map.of() : server.facts());
        addSettings(client.limits(), server == null ? Map.of() : server.limits());
        addSettings(client.sysctls(), server == null ? Map.of() : server.sysctls());
    }

    private void addSettings(Map<String, String> client, Map<String, String> server) {
        List<String> keys = new ArrayList<>(client.keySet());
        server.keySet().stream().filter(key -> !client.containsKey(key)).forEach(keys::add);
        for (String key : keys) {
            html.row(List.of(key, "~" + client.getOrDefault(key, ""), "~" + server.getOrDefault(key, "")));
        }
    }

    private void addFoot() throws IOException {
        html.raw("<footer>Written by tcplab. Latencies from HdrHistogram; plots by uPlot 1.6.32.")
                .raw("<details><summary>Licence of uPlot</summary><pre>")
                .raw(HtmlText.escape(resource("uplot.LICENSE.txt")))
                .raw("</pre></details></footer>\n</main>\n")
                .raw("<script type=\"application/json\" id=\"data\">" + plotsJson() + "</script>\n")
                .raw("<script>" + resource("uplot.min.js") + "</script>\n")
                .raw("<script>" + resource("report.js") + "</script>\n</body>\n</html>\n");
    }

    /** No {@code <} may stand in a script element's text, lest a name end the element. */
    private String plotsJson() {
        return SummaryJson.MAPPER
                .writer()
                .without(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(Map.of("plots", plots))
                .replace("<", "\\u003c");
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("the program is incomplete: " + name + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
