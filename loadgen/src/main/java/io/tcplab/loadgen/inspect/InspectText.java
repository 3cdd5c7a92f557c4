package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.result.NetworkFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An inspection as text: first what is unusual or harmful, then the table. */
final class InspectText {

    private static final int WIDTH = 100;
    private static final String INDENT = "        ";

    /** Fills an accept queue, and so holds more connections than the others. */
    private static final String QUEUE = "B6";

    /** Waits for the idle timeout again and again. */
    private static final String RACE = "I2";

    private final Ink ink;
    private final StringBuilder text = new StringBuilder();

    private InspectText(Ink ink) {
        this.ink = ink;
    }

    static String of(Inspection inspection, Ink ink) {
        return new InspectText(ink).write(inspection);
    }

    /** What an inspection will cost the server at most, before it begins; {@code usualNanos} is how long its responses take. */
    static String plan(Subject subject, List<Check> checks, long usualNanos) {
        int connections = 1;
        int requests = 2;
        int quick = 0;
        int waited = 0;
        boolean waits = false;
        for (Check each : checks.stream().filter(each -> each.asks(subject)).toList()) {
            CheckCard card = each.card();
            // After each check, one connection shows that the server still answers.
            connections += card.connections() + 1;
            requests += each.requests(subject) + 1;
            waits |= card.pace() != CheckCard.Pace.QUICK;
            if (card.pace() == CheckCard.Pace.QUICK) {
                quick++;
                waited += each.requests(subject);
            }
        }
        double patience = waits ? subject.patienceNanos() / 1e9 : 0;
        return String.format(
                Locale.ROOT,
                "inspecting %s: at most %d connections (%s)%s, about %.0f s%s.%n",
                subject.asked(),
                connections,
                asks(subject, checks, QUEUE) ? "50 at a time, but all of " + QUEUE : "50 at a time",
                subject.answers() ? " and " + requests + " requests" : "",
                quick + waited * (usualNanos / 1e9) / 2 + patience,
                (waits
                                ? String.format(
                                        Locale.ROOT,
                                        "; up to %.0f s of them for timeouts of the server (--patience, --long)",
                                        patience)
                                : "")
                        + (asks(subject, checks, RACE)
                                ? "; then " + RACE + " takes up to 6 times the idle timeout that is found"
                                : ""));
    }

    private static boolean asks(Subject subject, List<Check> checks, String id) {
        return checks.stream().anyMatch(each -> each.card().id().equals(id) && each.asks(subject));
    }

    /** The catalogue, a line each. */
    static String list(List<Check> checks) {
        StringBuilder list = new StringBuilder();
        for (Check each : checks) {
            list.append(String.format(
                    Locale.ROOT,
                    "%-3s %s%n      %s%n",
                    each.card().id(),
                    each.card().title(),
                    each.card().observes()));
        }
        return list.toString();
    }

    private String write(Inspection inspection) {
        Subject subject = inspection.subject();
        Baseline baseline = inspection.baseline();
        String named = subject.asked().toString().equals(Endpoint.text(subject.address()))
                ? ""
                : " (" + Endpoint.text(subject.address()) + ")";
        line(ink.bold("inspect " + subject.asked() + named));
        if (baseline != null) {
            line("  GET " + subject.path() + ": " + Printable.shortLine(baseline.words()));
        }
        inspection.listener().ifPresent(words -> line("  " + words));
        line("");
        line(summary(inspection));
        section(inspection, CheckVerdict.HARMFUL);
        section(inspection, CheckVerdict.UNUSUAL);
        table(inspection);
        expectations(inspection);
        line("");
        RateLimit limit = inspection.limit();
        if (limit != null) {
            wrapped("Limit: ", limit.words() + ". The inspection kept within it.");
        }
        ServerHealth health = inspection.health();
        if (health != null) {
            wrapped("Server: ", health.words() + ".");
        }
        NetworkFigures network = inspection.network();
        if (network != null) {
            wrapped("Network: ", network(network));
        }
        inspection.warnings().forEach(each -> wrapped(ink.bad("Not valid: "), each));
        line(String.format(Locale.ROOT, "%d connections in %.1f s.", inspection.connections(), inspection.seconds()));
        return text.toString();
    }

    /** What was asked of the cable, and what it did. */
    static String network(NetworkFigures network) {
        NetworkFigures.Achieved achieved = network.achieved();
        return String.format(
                Locale.ROOT,
                "asked %s; in the cable for %.3f ms a round trip, late by %.3f ms (p50) and %.3f ms (p99); %d segments, %d dropped.",
                network.asked().isEmpty() ? "nothing" : network.asked(),
                achieved.rttMicros() / 1e3,
                achieved.lateP50Micros() / 1e3,
                achieved.lateP99Micros() / 1e3,
                network.segments().all(),
                network.dropped().all());
    }

    static String summary(Inspection inspection) {
        List<String> counts = new ArrayList<>();
        for (CheckVerdict verdict : CheckVerdict.values()) {
            long count = inspection.count(verdict);
            if (count > 0) {
                counts.add(count + " " + verdict.words());
            }
        }
        String found = inspection.results().isEmpty() ? "no check ran" : String.join(", ", counts);
        return found + (inspection.interrupted() ? "; interrupted before the end" : "") + ".";
    }

    private void section(Inspection inspection, CheckVerdict verdict) {
        if (inspection.count(verdict) == 0) {
            return;
        }
        line("");
        line(verdict == CheckVerdict.HARMFUL ? ink.bad("Harmful") : ink.careful("Unusual"));
        for (CheckResult each : inspection.results()) {
            Finding finding = each.finding();
            if (finding.verdict() == verdict) {
                wrapped(
                        String.format(Locale.ROOT, "  %-4s  ", each.card().id()),
                        each.card().title() + ": " + finding.sentence());
                if (!finding.advice().isEmpty()) {
                    wrapped(INDENT + "→ ", finding.advice());
                }
            }
        }
    }

    private void table(Inspection inspection) {
        line("");
        for (CheckResult each : inspection.results()) {
            Finding finding = each.finding();
            wrapped(
                    String.format(Locale.ROOT, "  %-4s  %s  ", each.card().id(), coloured(finding.verdict())),
                    each.card().title() + ": "
                            + (finding.verdict().isFinding() ? finding.observed() : finding.sentence()));
        }
    }

    private String coloured(CheckVerdict verdict) {
        String words = String.format(Locale.ROOT, "%-14s", verdict.words());
        return switch (verdict) {
            case HARMFUL -> ink.bad(words);
            case UNUSUAL -> ink.careful(words);
            case AS_EXPECTED -> ink.good(words);
            case NOT_OBSERVED, NOT_OBSERVABLE -> ink.dim(words);
        };
    }

    private void expectations(Inspection inspection) {
        List<Expectations.Compared> compared = inspection.expectations();
        if (compared == null) {
            return;
        }
        long met = compared.stream().filter(Expectations.Compared::met).count();
        line("");
        line("Expectations: " + met + " of " + compared.size() + " met");
        compared.stream()
                .filter(each -> !each.met())
                .forEach(each -> wrapped(
                        "  " + ink.bad("✗") + " " + each.id() + "  ",
                        "expected " + each.expected() + "; found " + each.found()));
    }

    /** Breaks at blanks, so that a line fits; further lines stand under the words. */
    private void wrapped(String lead, String words) {
        int margin = lead.replaceAll("\u001b\\[[0-9;]*m", "").length();
        StringBuilder line = new StringBuilder();
        String before = lead;
        for (String word : Printable.line(words).split(" ", -1)) {
            if (!line.isEmpty() && margin + line.length() + 1 + word.length() > WIDTH) {
                line(before + line);
                before = " ".repeat(margin);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        line(before + line);
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }
}
