package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A result in a few sentences, the most important first: for the head of a page, and for a ticket. */
public final class InSentences {

    private static final int MOST_WARNINGS = 5;
    private static final List<Metric> TOLD = List.of(Metric.CONNECT, Metric.RESPONSE);

    private InSentences() {}

    /** For example {@code All 50,000 connections completed: 1,250/s of the planned 1,250/s.}, then the latencies. */
    public static List<String> of(Summary summary) {
        List<String> sentences = new ArrayList<>();
        if (!summary.valid()) {
            sentences.add(untrusted(summary.warnings().stream()
                    .filter(Verdict.Warning::invalidates)
                    .toList()));
        }
        if (summary.interrupted()) {
            sentences.add("The run was interrupted after " + InWords.seconds(summary.durationSeconds())
                    + "; this is what it had measured.");
        }
        sentences.add(ended(summary));
        String delays = TOLD.stream()
                .flatMap(metric -> delay(metric, summary.latencies().of(metric)))
                .collect(Collectors.joining("; "));
        if (!delays.isEmpty()) {
            sentences.add(capital(delays) + ".");
        }
        summary.actions().forEach(action -> sentences.add(capital(ActionText.line(action)) + "."));
        return sentences;
    }

    /** The first reason in its own words, and the names of the others. */
    private static String untrusted(List<Verdict.Warning> reasons) {
        if (reasons.isEmpty()) {
            return "This result cannot be trusted.";
        }
        String message = reasons.getFirst().message();
        String first =
                Character.toLowerCase(message.charAt(0)) + message.substring(1).replaceFirst("\\.$", "");
        String others =
                reasons.stream().skip(1).map(Verdict.Warning::code).distinct().collect(Collectors.joining(", "));
        return "This result cannot be trusted: " + first + (others.isEmpty() ? "." : "; also " + others + ".");
    }

    private static String ended(Summary summary) {
        Outcomes outcomes = summary.outcomes();
        long completed = outcomes.count(ConnectionOutcome.COMPLETED);
        String how = outcomes.errors() == 0
                ? InWords.count(completed) + " of " + InWords.count(outcomes.started())
                        + " connections completed, none failed"
                : InWords.count(outcomes.errors()) + " of " + InWords.count(outcomes.started())
                        + " connections failed (" + InWords.percent(outcomes.errorRate()) + "): " + failures(outcomes);
        Double offered = summary.rates().offered();
        return how + "; " + InWords.rate(summary.rates().achieved()) + " completed per second"
                + (offered == null ? "" : " of " + InWords.rate(offered) + " planned") + ".";
    }

    private static String failures(Outcomes outcomes) {
        return Stream.of(ConnectionOutcome.values())
                .filter(outcome -> outcome.isError() && outcomes.count(outcome) > 0)
                .sorted(Comparator.comparingLong(outcomes::count).reversed())
                .map(outcome -> InWords.count(outcomes.count(outcome)) + " " + outcome.key())
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> delay(Metric metric, LatencyStats stats) {
        Double median = stats.p50Micros();
        Double p99 = stats.p99Micros();
        return median == null || p99 == null
                ? Stream.empty()
                : Stream.of(metric.key() + " p50 " + InWords.micros(median) + ", p99 " + InWords.micros(p99));
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** The same in Markdown with the warnings and their advice, for a ticket or a chat. */
    public static String markdown(Summary summary) {
        StringBuilder text =
                new StringBuilder("**").append(plain(summary.profile())).append("**");
        text.append(summary.valid() ? " (valid)" : " (not valid)").append("\n\n");
        of(summary)
                .forEach(sentence -> text.append("- ").append(plain(sentence)).append('\n'));
        List<Verdict.Warning> warnings = summary.warnings();
        for (Verdict.Warning warning : warnings.subList(0, Math.min(MOST_WARNINGS, warnings.size()))) {
            text.append("- `").append(warning.code()).append("`: ").append(plain(warning.message()));
            text.append(" → ").append(plain(warning.advice())).append('\n');
        }
        if (warnings.size() > MOST_WARNINGS) {
            text.append("- and ").append(warnings.size() - MOST_WARNINGS).append(" more warnings\n");
        }
        return text.append("\ntcplab, ")
                .append(summary.startedAt())
                .append(", ")
                .append(InWords.seconds(summary.durationSeconds()))
                .append(", seed ")
                .append(summary.seed())
                .append('\n')
                .toString();
    }

    /** What Markdown or HTML would take for markup of its own is written so that it stands for itself. */
    private static String plain(String text) {
        return text.replace("\n", " ").replaceAll("([\\\\*_`\\[\\]<>|#])", "\\\\$1");
    }
}
