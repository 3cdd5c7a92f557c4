package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import java.util.ArrayList;
import java.util.List;

/** One run's latencies, for a terminal. */
final class LatencyText {

    private static final int LONGEST_KEY = 20;
    private static final int MIXES_IN_FULL = 4;
    private static final List<Statistic> SHOWN =
            List.of(Statistic.P50, Statistic.P90, Statistic.P99, Statistic.P999, Statistic.MAX);

    private final Summary summary;
    private final Ink ink;
    private final Paragraphs lines;

    LatencyText(Summary summary, Ink ink, Paragraphs lines) {
        this.summary = summary;
        this.ink = ink;
        this.lines = lines;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length() + 1);
    }

    void addLatencies() {
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
            String name = Paragraphs.shortened(key, LONGEST_KEY);
            for (Measured.Mix mix : summary.mixes()) {
                LatencyStats stats = mix.latencies().ofKey(key);
                if (stats.count() > 0) {
                    weak |= addLatency(table, padded(name, keys) + Paragraphs.shortened(mix.name(), 14), stats);
                    name = "";
                }
            }
        }
        lines.title("Latency");
        lines.addAll(table.lines(ink));
        if (summary.tcpInfo() != null) {
            lines.wrapped("  tcp: ", "  ", summary.tcpInfo().words());
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
}
