package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.judge.ThresholdWords;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The result as a person reads it on a terminal of 80 columns. One use. */
public final class TextReport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Summary summary;
    private final Ink ink;
    private final Paragraphs lines;

    private TextReport(Summary summary, Ink ink) {
        this.summary = summary;
        this.ink = ink;
        this.lines = new Paragraphs(ink);
    }

    /**
     * The text, with a newline at its end.
     *
     * @param profile the effective profile, told in two lines; absent = not told
     * @param directory where the files are; absent = not told
     */
    public static String render(Summary summary, @Nullable Profile profile, @Nullable Path directory, Ink ink) {
        return new TextReport(summary, ink).all(profile, directory);
    }

    private String all(@Nullable Profile profile, @Nullable Path directory) {
        addTop();
        if (profile != null) {
            lines.wrapped("  ", "  ", ProfileWords.load(profile));
            lines.wrapped("  ", "  ", ProfileWords.mix(profile));
        }
        ConnectionsText connections = new ConnectionsText(summary, ink, lines);
        connections.failures();
        connections.members();
        lines.addAll(TargetText.lines(summary.targets(), ink));
        new LatencyText(summary, ink, lines).addLatencies();
        lines.addAll(new KernelText(summary, ink).lines());
        addNetwork();
        addCost();
        addGenerators();
        addActions();
        addThresholds();
        addWarnings();
        if (directory != null) {
            lines.add("");
            lines.add(ink.dim("  written to ") + directory);
        }
        return lines.text();
    }

    private void addTop() {
        String verdict = summary.valid() ? ink.good("valid") : ink.bad("NOT VALID: do not trust these figures");
        SideFigures server = summary.kernel().server();
        if (server != null && server.isPartial()) {
            verdict += ink.careful(", the server's side not observed to the end");
        }
        String end = summary.interrupted() ? ink.careful(" · interrupted") : "";
        lines.add("");
        lines.add(ink.bold(summary.profile()) + " · " + InWords.seconds(summary.durationSeconds()) + " · " + errors()
                + verdict + end);
        lines.add(ink.dim("  " + TIME.format(summary.startedAt()) + " · seed " + summary.seed()));
        Head.Target target = summary.target();
        if (target != null && target.asked() != null && summary.targets().isEmpty()) {
            boolean named = target.address() != null && !target.asked().equals(target.address());
            lines.add("  target " + target.asked() + (named ? " is " + target.address() : ""));
        }
        Leftovers before = summary.before();
        if (before != null) {
            lines.wrapped("  before: ", "  ", before.sentence());
        }
    }

    /** What failed leads: a valid result may be one of failures. */
    private String errors() {
        long errors = summary.outcomes().errors();
        long ofExchanges = summary.exchanges().errors();
        if (errors + ofExchanges == 0 || !summary.valid()) {
            return "";
        }
        String connections = errors == 0
                ? ""
                : InWords.count(errors) + (errors == 1 ? " error (" : " errors (")
                        + InWords.percent(summary.outcomes().errorRate()) + ")";
        String exchanges = ofExchanges == 0
                ? ""
                : InWords.count(ofExchanges) + (ofExchanges == 1 ? " exchange error" : " exchange errors");
        return ink.bad(connections + (connections.isEmpty() || exchanges.isEmpty() ? "" : ", ") + exchanges) + " · ";
    }

    private void addGenerators() {
        if (!summary.generators().isEmpty()) {
            lines.title("Generators");
            lines.addAll(GeneratorsText.lines(summary.generators(), ink));
        }
    }

    private void addCost() {
        Observed.Generator generator = summary.generator();
        lines.title("Cost");
        Double micros = generator.cpuMicrosPerConnection();
        lines.wrapped(
                "  ",
                "  ",
                "generator " + InWords.seconds(generator.cpuSeconds()) + " CPU"
                        + (micros == null ? "" : ", " + InWords.micros(micros) + " a connection") + ", event loop "
                        + InWords.percent(generator.eventLoopBusy()) + " busy" + gc(generator.gcPauses()));
        ServerProcess server = summary.server();
        if (server != null) {
            lines.wrapped("  ", "  ", ServerText.cost(server));
        }
    }

    private static String gc(Observed.GcPauses pauses) {
        String longest = InWords.micros(pauses.maxMillis() * 1000);
        if (pauses.count() < 2) {
            return pauses.count() == 0 ? ", no GC pause" : ", one GC pause of " + longest;
        }
        return ", " + pauses.count() + " GC pauses, " + longest + " at most";
    }

    private void addNetwork() {
        NetworkFigures network = summary.network();
        if (network != null) {
            lines.title("Network");
            NetworkText.facts(network).forEach((name, fact) -> lines.wrapped("  " + name + ": ", "    ", fact));
        }
    }

    private void addActions() {
        if (summary.actions().isEmpty()) {
            return;
        }
        lines.title("Actions");
        for (ActionReport action : summary.actions()) {
            String mark = action.costNothing() ? ink.good("✓") : ink.bad("✗");
            lines.wrapped("  " + mark + " ", "    ", ActionText.line(action));
        }
    }

    private void addThresholds() {
        if (summary.thresholds().isEmpty()) {
            return;
        }
        lines.title("Thresholds");
        for (Verdict.ThresholdResult threshold : summary.thresholds()) {
            String mark = threshold.passed() ? ink.good("✓") : ink.bad("✗");
            lines.add("  " + mark + " " + threshold.expression() + "  "
                    + ink.dim("is " + ThresholdWords.actual(threshold)));
        }
    }

    private void addWarnings() {
        if (summary.warnings().isEmpty()) {
            return;
        }
        lines.title("Warnings");
        for (Verdict.Warning warning : summary.warnings()) {
            lines.add("  " + ink.careful("! " + warning.code()));
            lines.wrapped("    ", "    ", warning.message());
            lines.wrapped("    → ", "      ", warning.advice());
        }
    }
}
