package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.judge.OutcomeRemedy;
import io.tcplab.loadgen.judge.ThresholdWords;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The result as a person reads it on a terminal of 80 columns. One use. */
public final class TextReport {

    private static final int LONGEST_KEY = 20;

    private static final int WIDTH = 80;
    private static final int MIXES_IN_FULL = 4;
    private static final List<Statistic> SHOWN =
            List.of(Statistic.P50, Statistic.P90, Statistic.P99, Statistic.P999, Statistic.MAX);

    /** A figure and its unit stay on one line. */
    private static final Pattern UNIT = Pattern.compile("(\\d) (ns|µs|ms|s|min)\\b");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Summary summary;
    private final Ink ink;
    private final List<String> lines = new ArrayList<>();

    private TextReport(Summary summary, Ink ink) {
        this.summary = summary;
        this.ink = ink;
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
            addWrapped("  ", "  ", ProfileWords.load(profile));
            addWrapped("  ", "  ", ProfileWords.mix(profile));
        }
        addNotCompleted();
        addMixes();
        lines.addAll(TargetText.lines(summary.targets(), ink));
        addLatencies();
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
        return String.join("\n", lines) + "\n";
    }

    private void addTop() {
        String verdict = summary.valid() ? ink.good("valid") : ink.bad("NOT VALID: do not trust these figures");
        KernelFigures.SideFigures server = summary.kernel().server();
        if (server != null && server.isPartial()) {
            verdict += ink.careful(", the server's side not observed to the end");
        }
        String end = summary.interrupted() ? ink.careful(" · interrupted") : "";
        lines.add("");
        lines.add(ink.bold(summary.profile()) + " · " + InWords.seconds(summary.durationSeconds()) + " · " + errors()
                + verdict + end);
        lines.add(ink.dim("  " + TIME.format(summary.startedAt()) + " · seed " + summary.seed()));
        Summary.Target target = summary.target();
        if (target != null && target.asked() != null && summary.targets().isEmpty()) {
            boolean named = target.address() != null && !target.asked().equals(target.address());
            lines.add("  target " + target.asked() + (named ? " is " + target.address() : ""));
        }
        Leftovers before = summary.before();
        if (before != null) {
            addWrapped("  before: ", "  ", before.sentence());
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
                : InWords.count(errors) + " errors ("
                        + InWords.percent(summary.outcomes().errorRate()) + ")";
        String exchanges = ofExchanges == 0 ? "" : InWords.count(ofExchanges) + " exchange errors";
        return ink.bad(connections + (connections.isEmpty() || exchanges.isEmpty() ? "" : ", ") + exchanges) + " · ";
    }

    private void title(String title) {
        lines.add("");
        lines.add(ink.bold(title));
    }

    private void addMixes() {
        title("Connections");
        TextTable table =
                new TextTable().row("", "started", "completed", "errors", "open", "completed/s", "exchanges/s");
        for (Summary.Mix mix : summary.mixes()) {
            addMix(table, mix.name(), mix.outcomes(), mix.latencies());
        }
        if (summary.mixes().size() != 1) {
            addMix(table, "all", summary.outcomes(), summary.latencies());
        }
        lines.addAll(table.lines(ink));
        Summary.Rates rates = summary.rates();
        Double offered = rates.offered();
        addWrapped(
                "  ",
                "  ",
                (offered == null ? "" : "offered " + InWords.rate(offered) + "/s → ") + "attempted "
                        + InWords.rate(rates.attempted()) + "/s → achieved " + InWords.rate(rates.achieved()) + "/s");
        Summary.Held held = summary.held();
        if (held != null) {
            lines.add("  to be held " + InWords.count(held.asked()) + ": " + InWords.count(held.atEnd())
                    + " held at the end, " + InWords.count(held.lost()) + " lost, " + InWords.count(held.reopened())
                    + " reopened");
        }
        addExchanges();
        if (summary.tls() != null) {
            addWrapped("  tls: ", "  ", summary.tls().words());
        }
    }

    private void addGenerators() {
        if (!summary.generators().isEmpty()) {
            title("Generators");
            lines.addAll(GeneratorsText.lines(summary.generators(), ink));
        }
    }

    /** Where something can be said of single exchanges: statuses, or those that went wrong. */
    private void addExchanges() {
        Exchanges exchanges = summary.exchanges();
        Summary.Http http = summary.http();
        if (http == null && exchanges.errors() + exchanges.notBegun() == 0) {
            return;
        }
        addWrapped("  exchanges: ", "  ", exchanges.words());
        if (http != null) {
            addWrapped("  http: ", "  ", http.words());
        }
    }

    /** A member's rates are its shares of the run's: what ends after the recorded part is in the counts and in no rate. */
    private void addMix(TextTable table, String name, Outcomes outcomes, Latencies latencies) {
        long completed = outcomes.count(ConnectionOutcome.COMPLETED);
        double ofCompleted = share(completed, summary.outcomes().count(ConnectionOutcome.COMPLETED));
        double ofExchanges = share(
                latencies.of(Metric.SERVICE).count(),
                summary.latencies().of(Metric.SERVICE).count());
        table.row(
                shortened(name, 20),
                InWords.count(outcomes.started()),
                InWords.count(completed),
                InWords.count(outcomes.errors()),
                InWords.count(outcomes.count(ConnectionOutcome.OPEN_AT_END)),
                InWords.rate(ofCompleted * summary.rates().achieved()),
                InWords.rate(ofExchanges * summary.rates().exchanges()));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static String shortened(String name, int length) {
        return name.length() <= length ? name : name.substring(0, length - 1) + "…";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length() + 1);
    }

    private void addLatencies() {
        boolean byMix = summary.mixes().size() > 1 && summary.mixes().size() <= MIXES_IN_FULL;
        TextTable table = new TextTable().row("", "samples", "p50", "p90", "p99", "p99.9", "max");
        boolean weak = false;
        int keys = summary.latencies().byKey().entrySet().stream()
                .filter(each -> each.getValue().count() > 0)
                .mapToInt(each -> Math.min(LONGEST_KEY, each.getKey().length()))
                .max()
                .orElse(0);
        for (String key : summary.latencies().byKey().keySet()) {
            LatencyStats all = summary.latencies().ofKey(key);
            if (all.count() == 0) {
                continue;
            }
            if (!byMix) {
                weak |= addLatency(table, key, all);
                continue;
            }
            String name = shortened(key, LONGEST_KEY);
            for (Summary.Mix mix : summary.mixes()) {
                LatencyStats stats = mix.latencies().ofKey(key);
                if (stats.count() > 0) {
                    weak |= addLatency(table, padded(name, keys) + shortened(mix.name(), 14), stats);
                    name = "";
                }
            }
        }
        title("Latency");
        lines.addAll(table.lines(ink));
        if (summary.tcpInfo() != null) {
            addWrapped("  tcp: ", "  ", summary.tcpInfo().words());
        }
        if (weak) {
            lines.add(ink.dim("  ~ fewer than ten samples are above this percentile"));
        }
    }

    private static boolean addLatency(TextTable table, String name, LatencyStats stats) {
        if (stats.count() == 0) {
            return false;
        }
        List<String> cells = new ArrayList<>(List.of(name, InWords.count(stats.count())));
        SHOWN.forEach(statistic -> cells.add(time(stats, statistic)));
        table.row(cells.toArray(String[]::new));
        return !stats.lowConfidence().isEmpty();
    }

    private static String time(LatencyStats stats, Statistic statistic) {
        Double micros = stats.micros(statistic);
        return micros == null ? "–" : (stats.isWeak(statistic) ? "~" : "") + InWords.micros(micros);
    }

    private void addNotCompleted() {
        if (summary.outcomes().errors() == 0) {
            return;
        }
        title("Not completed");
        for (Map.Entry<ConnectionOutcome, Long> entry :
                summary.outcomes().counts().entrySet()) {
            ConnectionOutcome outcome = entry.getKey();
            if (outcome.isError() && entry.getValue() > 0) {
                lines.add("  " + ink.bad(InWords.count(entry.getValue()) + " " + outcome.key()) + ": "
                        + outcome.sentence());
                String remedy = OutcomeRemedy.of(outcome);
                if (!remedy.isEmpty()) {
                    addWrapped("    → ", "      ", remedy);
                }
            }
        }
        summary.causes().forEach(this::addCause);
    }

    private void addCause(Summary.Cause cause) {
        Incident incident = Incident.ofText(cause.cause());
        String when = String.format(Locale.ROOT, ", from second %.1f to %.1f", cause.firstSecond(), cause.lastSecond());
        String meaning = incident == Incident.CALL_FAILED ? "" : ": " + incident.sentence();
        addWrapped(
                "    ",
                "      ",
                InWords.count(cause.count()) + " × " + cause.cause() + when + idle(cause.idleMillis()) + meaning);
        String remedy = OutcomeRemedy.of(incident);
        if (!remedy.isEmpty()) {
            addWrapped("      → ", "        ", remedy);
        }
    }

    /** How long the connection had been idle: of a server that closes idle connections its timeout. */
    private static String idle(@Nullable Spread millis) {
        if (millis == null) {
            return "";
        }
        String least = InWords.micros(millis.min() * 1000);
        String most = InWords.micros(millis.max() * 1000);
        return ", after " + (least.equals(most) ? least : least + " to " + most) + " of idle time";
    }

    private void addCost() {
        Summary.Generator generator = summary.generator();
        title("Cost");
        Double micros = generator.cpuMicrosPerConnection();
        addWrapped(
                "  ",
                "  ",
                "generator " + InWords.seconds(generator.cpuSeconds()) + " CPU"
                        + (micros == null ? "" : ", " + InWords.micros(micros) + " a connection") + ", event loop "
                        + InWords.percent(generator.eventLoopBusy()) + " busy" + gc(generator.gcPauses()));
        ServerProcess server = summary.server();
        if (server != null) {
            addWrapped("  ", "  ", ServerText.cost(server));
        }
    }

    private static String gc(Summary.GcPauses pauses) {
        return pauses.count() == 0
                ? ", no GC pause"
                : ", " + pauses.count() + " GC pauses, " + InWords.micros(pauses.maxMillis() * 1000) + " at most";
    }

    private void addNetwork() {
        NetworkFigures network = summary.network();
        if (network != null) {
            title("Network");
            NetworkText.facts(network).forEach((name, fact) -> addWrapped("  " + name + ": ", "    ", fact));
        }
    }

    private void addActions() {
        if (summary.actions().isEmpty()) {
            return;
        }
        title("Actions");
        for (ActionReport action : summary.actions()) {
            String mark = action.lost().all() == 0 && action.failure() == null ? ink.good("✓") : ink.bad("✗");
            addWrapped("  " + mark + " ", "    ", ActionText.line(action));
        }
    }

    private void addThresholds() {
        if (summary.thresholds().isEmpty()) {
            return;
        }
        title("Thresholds");
        for (Summary.ThresholdResult threshold : summary.thresholds()) {
            String mark = threshold.passed() ? ink.good("✓") : ink.bad("✗");
            lines.add("  " + mark + " " + threshold.expression() + "  "
                    + ink.dim("is " + ThresholdWords.actual(threshold)));
        }
    }

    private void addWarnings() {
        if (summary.warnings().isEmpty()) {
            return;
        }
        title("Warnings");
        for (Summary.Warning warning : summary.warnings()) {
            lines.add("  " + ink.careful("! " + warning.code()));
            addWrapped("    ", "    ", warning.message());
            addWrapped("    → ", "      ", warning.advice());
        }
    }

    /** Breaks at spaces; only plain text, so that lengths are what is seen. */
    private void addWrapped(String first, String next, String text) {
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : UNIT.matcher(text).replaceAll("$1\u00a0$2").split(" ")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(next);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word.replace('\u00a0', ' '));
            empty = false;
        }
        lines.add(line.toString());
    }
}
