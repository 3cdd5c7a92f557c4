package io.tcplab.loadgen.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one check is expected to find. Of times and counts, those are compared that a server's settings give: times within a twentieth or
 * 0.9 s.
 *
 * @param verdict by its id; absent = any
 * @param observed in the words of the check; absent = anything
 * @param settings times and counts by their names
 */
record Expected(@Nullable String verdict, @Nullable String observed, Map<String, Double> settings) {

    /** What a server's settings give, by check. */
    static final Map<String, List<String>> SETTINGS = Map.of(
            "B4", List.of("closedAfterSeconds"),
            "B6", List.of("limit"),
            "I1", List.of("closedAfterSeconds", "announcedSeconds"),
            "I3", List.of("requestsAnswered"));

    static final String TIME = "AfterSeconds";
    private static final double SHARE = 0.05;
    private static final double LEAST_SECONDS = 0.9;

    /** Whether the result is as expected. */
    boolean metBy(CheckResult result) {
        Finding finding = result.finding();
        return (verdict == null || verdict.equals(finding.verdict().id()))
                && (observed == null || observed.equals(finding.observed()))
                && settings.entrySet().stream().allMatch(each -> isMet(each.getKey(), each.getValue(), result));
    }

    private static boolean isMet(String name, double value, CheckResult result) {
        Double found = settingsOf(result).get(name);
        if (name.endsWith(TIME) && result.figures().containsKey(Expectations.ENDS_TOGETHER)) {
            return true;
        }
        double within = name.endsWith(TIME) ? Math.max(LEAST_SECONDS, value * SHARE) : 0;
        return found != null && Math.abs(found - value) <= within;
    }

    String words() {
        return words(verdict, observed, settings);
    }

    String of(CheckResult result) {
        Map<String, Double> found = settingsOf(result);
        found.keySet().retainAll(settings.keySet());
        // A time or a count that was not seen is missing because of what was observed in its place.
        boolean missing = found.size() < settings.size();
        return words(
                verdict == null ? null : result.finding().verdict().id(),
                observed == null && !missing ? null : result.finding().observed(),
                found);
    }

    private static String words(@Nullable String verdict, @Nullable String observed, Map<String, Double> settings) {
        String given = verdict == null ? "" : verdict;
        String both = observed == null ? given : given.isEmpty() ? observed : given + ": " + observed;
        return Stream.concat(
                        Stream.of(both).filter(each -> !each.isEmpty()),
                        settings.entrySet().stream().map(each -> each.getKey() + " " + number(each.getValue())))
                .collect(Collectors.joining(", "));
    }

    /** What a server's settings gave, as a check saw it; empty where it saw no end. */
    static Map<String, Double> settingsOf(CheckResult result) {
        Map<String, Double> settings = new LinkedHashMap<>();
        if (result.finding().verdict() != CheckVerdict.NOT_OBSERVED) {
            for (String name : SETTINGS.getOrDefault(result.card().id(), List.of())) {
                Double time = result.times().get(name);
                Long figure = result.figures().get(name);
                if (time != null) {
                    settings.put(name, time);
                } else if (figure != null) {
                    settings.put(name, figure.doubleValue());
                }
            }
        }
        return settings;
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.2f", value);
    }
}
