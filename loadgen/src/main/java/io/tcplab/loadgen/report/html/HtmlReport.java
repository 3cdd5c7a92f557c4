package io.tcplab.loadgen.report.html;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.report.text.InSentences;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.RunNames;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One or several runs as one {@link HtmlPage}. */
public final class HtmlReport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final List<FinishedRun> runs;
    private final RunNames names;
    private final String title;
    private final HtmlPage page;
    private final HtmlText html;

    private HtmlReport(List<FinishedRun> runs) throws IOException {
        this.runs = runs;
        this.names = RunNames.ofRuns(runs);
        this.title = runs.size() == 1 ? runs.getFirst().summary().profile() : "Comparison of " + runs.size() + " runs";
        this.page = new HtmlPage(title);
        this.html = page.html();
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
        if (runs.size() == 1) {
            addRun(runs.getFirst());
        } else {
            html.element("h1", "", title);
            new HtmlComparison(runs, names, html).table();
            html.element(
                    "p",
                    "soft",
                    "Each column is one result. To test whether a difference is more than noise, use tcplab compare DIR DIR.");
            addPercentiles();
            for (FinishedRun run : runs) {
                html.raw("<details class=\"run\"><summary>" + HtmlText.escape(names.of(run)) + "</summary>\n");
                addRun(run);
                html.raw("</details>\n");
            }
        }
        return page.end();
    }

    private void addRun(FinishedRun run) throws IOException {
        Summary summary = run.summary();
        addTop(summary);
        VerdictTables verdict = new VerdictTables(summary, html);
        OutcomeTables outcomes = new OutcomeTables(summary, html);
        KernelTables kernel = new KernelTables(summary, html);
        LatencyTables latencies = new LatencyTables(summary, html);
        CostTables cost = new CostTables(summary, html);
        verdict.tiles();
        Plots of = new Plots(run, names.of(run), runs.size());
        addPicture(of);
        boolean failed = summary.outcomes().errors() + summary.exchanges().errors() > 0;
        if (failed) {
            outcomes.outcomes();
        }
        verdict.warnings();
        verdict.thresholds();
        verdict.actions();
        kernel.listeners();
        if (runs.size() == 1) {
            addPercentiles();
        }
        latencies.targets();
        latencies.latencies();
        if (!failed) {
            outcomes.outcomes();
        }
        addTimeline(of);
        kernel.kernel();
        kernel.network();
        kernel.reconciliation();
        cost.cost();
        cost.generators();
        addEnvironment(run);
    }

    private void addTop(Summary summary) {
        html.raw("<h1>" + HtmlText.escape(summary.profile()))
                .raw(errors(summary))
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
        html.raw("<div class=\"answer\">\n");
        List<String> sentences = InSentences.of(summary);
        for (int i = 0; i < sentences.size(); i++) {
            html.element("p", !summary.valid() && i == 0 ? "bad" : "", sentences.get(i));
        }
        html.raw("</div>\n<details class=\"ticket\"><summary>As text for a ticket</summary><div class=\"card\">")
                .raw("<button type=\"button\" class=\"copy\" hidden>Copy</button><pre tabindex=\"0\">")
                .raw(HtmlText.escape(InSentences.markdown(summary)))
                .raw("</pre></div></details>\n");
    }

    /** What failed leads: a valid result may be one of failures. */
    private static String errors(Summary summary) {
        long errors = summary.outcomes().errors();
        long ofExchanges = summary.exchanges().errors();
        return (errors == 0
                        ? ""
                        : badge(
                                errors,
                                errors == 1 ? "error" : "errors",
                                summary.outcomes().errorRate()))
                + (ofExchanges == 0
                        ? ""
                        : badge(
                                ofExchanges,
                                ofExchanges == 1 ? "exchange error" : "exchange errors",
                                summary.exchanges().errorRate()));
    }

    private static String badge(long count, String what, double rate) {
        return "<span class=\"badge bad\">" + InWords.count(count) + " " + what + " (" + InWords.percent(rate)
                + ")</span>";
    }

    private void addPercentiles() {
        html.raw("<section class=\"plots\">")
                .element("h2", "", "Latency by percentile")
                .raw("<div class=\"grid\">\n");
        for (Metric metric : Metric.values()) {
            page.plot(metric.key(), metric.sentence(), Plots.percentiles(runs, names, metric));
        }
        html.raw("</div></section>\n");
    }

    /** Both sides below each other on one axis of time, with what happened as marks. */
    private void addPicture(Plots of) {
        html.raw("<section class=\"plots picture\">")
                .element("h2", "", "Both sides on one timeline")
                .raw("<div class=\"column\">\n");
        page.marks(of.name(), of.marks());
        page.plot("Client: connections per second", "", of.connectionRates());
        page.plot("Client: latency", "of connections and exchanges that ended in each interval", of.latencies());
        page.plot(
                "Server: accept queue and SYN queue",
                "of the server's listener; it overflows at limit + 1",
                of.acceptQueue());
        page.plot("TIME_WAIT of both sides", "stays on the side that closed first, for 60 s", of.timeWait());
        html.raw("</div>\n");
        if (!of.marks().isEmpty()) {
            html.raw("<ol class=\"marks\">\n");
            of.marks().forEach(mark -> html.element("li", mark.kind(), mark.text()));
            html.raw("</ol>\n");
        }
        html.raw("</section>\n<p class=\"no-js soft\">The plots need JavaScript; the tables do not.</p>\n");
    }

    private void addTimeline(Plots of) {
        html.raw("<section class=\"plots\">")
                .element("h2", "", "More of the timeline")
                .raw("<div class=\"grid\">\n");
        page.plot("Exchanges per second", "", of.exchangeRates());
        page.plot("Connections in progress", "", of.inFlight());
        page.plot("States, client", "sockets by state, stacked, without TIME_WAIT", of.states(Side.CLIENT));
        page.plot("States, server", "sockets by state, stacked, without TIME_WAIT", of.states(Side.SERVER));
        html.raw("</div></section>\n");
    }

    private void addEnvironment(FinishedRun run) {
        Environment environment = run.environment();
        if (environment != null) {
            html.element("h2", "", "Environment")
                    .beginTable(
                            List.of(TableCell.figure("fact"), TableCell.words("client"), TableCell.words("server")));
            fact("tcplab", environment.tcplab(), "");
            fact("kernel", environment.kernel(), "");
            fact("CPU", environment.cpus() + " × " + environment.cpu(), "");
            fact("JDK", environment.jdk(), "");
            fact("Netty", environment.netty() + ", " + environment.transport(), "");
            fact("isolation", environment.isolation(), "");
            addSides(environment);
            html.endTable();
        }
        if (!run.profile().isEmpty()) {
            html.raw("<details><summary>Effective profile</summary><div class=\"card\"><pre>"
                    + HtmlText.escape(run.profile()) + "</pre></div></details>\n");
        }
    }

    private void fact(String name, String client, String server) {
        html.row(List.of(TableCell.figure(name), TableCell.words(client), TableCell.words(server)));
    }

    private void addSides(Environment environment) {
        SideSettings client = environment.client();
        SideSettings server = environment.server();
        addSettings(client.facts(), server == null ? Map.of() : server.facts());
        addSettings(client.limits(), server == null ? Map.of() : server.limits());
        addSettings(client.sysctls(), server == null ? Map.of() : server.sysctls());
    }

    private void addSettings(Map<String, String> client, Map<String, String> server) {
        List<String> keys = new ArrayList<>(client.keySet());
        server.keySet().stream().filter(key -> !client.containsKey(key)).forEach(keys::add);
        for (String key : keys) {
            fact(key, client.getOrDefault(key, ""), server.getOrDefault(key, ""));
        }
    }
}
