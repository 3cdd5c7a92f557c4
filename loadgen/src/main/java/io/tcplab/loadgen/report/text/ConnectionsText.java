package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.judge.OutcomeRemedy;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the connections of one run ended, for a terminal. */
final class ConnectionsText {

    private final Summary summary;
    private final Ink ink;
    private final Paragraphs lines;

    ConnectionsText(Summary summary, Ink ink, Paragraphs lines) {
        this.summary = summary;
        this.ink = ink;
        this.lines = lines;
    }

    /** Each member's connections and exchanges. */
    void members() {
        lines.title("Connections");
        TextTable table =
                new TextTable().row("", "started", "completed", "errors", "open", "completed/s", "exchanges/s");
        for (Measured.Mix mix : summary.mixes()) {
            addMix(table, mix.name(), mix.outcomes(), mix.latencies());
        }
        if (summary.mixes().size() != 1) {
            addMix(table, "all", summary.outcomes(), summary.latencies());
        }
        lines.addAll(table.lines(ink));
        Measured.Rates rates = summary.rates();
        Double offered = rates.offered();
        lines.wrapped(
                "  ",
                "  ",
                (offered == null ? "" : "offered " + InWords.rate(offered) + "/s → ") + "attempted "
                        + InWords.rate(rates.attempted()) + "/s → achieved " + InWords.rate(rates.achieved()) + "/s");
        Measured.Held held = summary.held();
        if (held != null) {
            lines.add("  to be held " + InWords.count(held.asked()) + ": " + InWords.count(held.atEnd())
                    + " held at the end, " + InWords.count(held.lost()) + " lost, " + InWords.count(held.reopened())
                    + " reopened");
        }
        addExchanges();
        if (summary.tls() != null) {
            lines.wrapped("  tls: ", "  ", summary.tls().words());
        }
    }

    /** Where something can be said of single exchanges: statuses, or those that went wrong. */
    private void addExchanges() {
        Exchanges exchanges = summary.exchanges();
        Measured.Http http = summary.http();
        if (http == null && exchanges.errors() + exchanges.notBegun() == 0) {
            return;
        }
        lines.wrapped("  exchanges: ", "  ", exchanges.words());
        if (http != null) {
            lines.wrapped("  http: ", "  ", http.words());
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
                Paragraphs.shortened(name, 20),
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

    /** What failed, and why; nothing where nothing did. */
    void failures() {
        if (summary.outcomes().errors() == 0) {
            return;
        }
        lines.title("Not completed");
        for (Map.Entry<ConnectionOutcome, Long> entry :
                summary.outcomes().counts().entrySet()) {
            ConnectionOutcome outcome = entry.getKey();
            if (outcome.isError() && entry.getValue() > 0) {
                lines.add("  " + ink.bad(InWords.count(entry.getValue()) + " " + outcome.key()) + ": "
                        + outcome.sentence());
                String remedy = OutcomeRemedy.of(outcome);
                if (!remedy.isEmpty()) {
                    lines.wrapped("    → ", "      ", remedy);
                }
            }
        }
        summary.causes().forEach(this::addCause);
    }

    private void addCause(Measured.Cause cause) {
        Incident incident = Incident.ofText(cause.cause());
        String when = String.format(Locale.ROOT, ", from second %.1f to %.1f", cause.firstSecond(), cause.lastSecond());
        String meaning = incident == Incident.CALL_FAILED ? "" : ": " + incident.sentence();
        lines.wrapped(
                "    ",
                "      ",
                InWords.count(cause.count()) + " × " + cause.cause() + when + idle(cause.idleMillis())
                        + exchanges(cause.exchanges()) + meaning);
        String remedy = OutcomeRemedy.of(incident);
        if (!remedy.isEmpty()) {
            lines.wrapped("      → ", "        ", remedy);
        }
    }

    /** How many requests had been answered on the connection: of a server that limits them its limit. */
    private static String exchanges(@Nullable Spread done) {
        if (done == null || done.max() == 0) {
            return "";
        }
        String least = InWords.plain(done.min());
        String most = InWords.plain(done.max());
        return ", after " + (least.equals(most) ? least : least + " to " + most)
                + (most.equals("1") ? " exchange" : " exchanges");
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
}
