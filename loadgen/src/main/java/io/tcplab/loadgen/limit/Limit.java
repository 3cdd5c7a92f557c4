package io.tcplab.loadgen.limit;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.JsonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer.
 *
 * @param figure that was raised
 * @param bracket highest value that held, and lowest above it that did not
 * @param ended what ended it
 * @param tries in the order in which they were made
 * @param thresholds whether the profile has any of its own
 */
record Limit(LimitFigure figure, LimitSearch.Bracket bracket, EndedBy ended, List<LimitTry> tries, boolean thresholds) {

    private static final int LOOKED_AT = 3;

    Limit {
        tries = List.copyOf(tries);
    }

    static Limit of(LimitFigure figure, LimitSearch.Bracket bracket, List<LimitTry> tries, boolean thresholds) {
        List<LimitTry> justAbove = tries.stream()
                .filter(each -> !each.held() && each.value() > bracket.lower())
                .filter(each -> !each.spoilt() || isSpoilt(each.value(), tries))
                .sorted(Comparator.comparingDouble(LimitTry::value))
                .limit(LOOKED_AT)
                .toList();
        return new Limit(figure, bracket, EndedBy.of(justAbove), tries, thresholds);
    }

    /** Whether this value did not hold for nothing but results that cannot be trusted. */
    private static boolean isSpoilt(double value, List<LimitTry> tries) {
        return tries.stream()
                .filter(each -> each.value() == value && !each.held())
                .allMatch(LimitTry::spoilt);
    }

    /** Whether not even the smallest load has a result that can be trusted. */
    boolean nothingIsKnown() {
        return !found() && ended.what() == EndedBy.What.GENERATOR && isSpoilt(bracket.upper(), tries);
    }

    /** Whether it is the generator that ended it: then the target's limit is not known. */
    boolean isOurOwn() {
        return ended.what() == EndedBy.What.GENERATOR || ended.what() == EndedBy.What.CLIENT_DESCRIPTORS;
    }

    boolean found() {
        return bracket.lower() > 0;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? InWords.count((long) value) : String.format(Locale.ROOT, "%,.1f", value);
    }

    String sentence() {
        String unit = " " + figure.unit();
        if (nothingIsKnown()) {
            return "The target's limit is not known: no result was valid, even at " + number(bracket.upper()) + unit
                    + ".";
        }
        if (!found()) {
            return "No load held: even " + number(bracket.upper()) + unit + " did not.";
        }
        if (Double.isInfinite(bracket.upper())) {
            return "No limit was found: " + number(bracket.lower()) + unit + ", the most that was tried, held.";
        }
        String range = number(bracket.lower()) + unit + " held and " + number(bracket.upper()) + " did not";
        return isOurOwn()
                ? "The target's limit is not known: the generator ended the search (" + range + "). It is at least "
                        + number(bracket.lower()) + unit + "."
                : "The limit is " + number(bracket.lower()) + unit + ": " + range + ".";
    }

    String text() {
        StringBuilder text = new StringBuilder(sentence()).append('\n');
        if (ended.what() != EndedBy.What.NOTHING) {
            text.append("Ended by: ")
                    .append(ended.what().key())
                    .append(" – ")
                    .append(ended.evidence())
                    .append(ended.evidence().endsWith(".") ? "\n" : ".\n");
        }
        if (!thresholds) {
            text.append(
                    "The profile has no thresholds: a load holds when it has no errors and reaches what is asked.\n");
        }
        text.append("\n  tried\n");
        for (LimitTry each : tries) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %12s  %s%n",
                    number(each.value()),
                    each.held() ? "✓" : "✗ " + String.join(", ", each.missed())));
        }
        return text.toString();
    }

    String json() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("figure", figure.key());
        tree.put("unit", figure.unit());
        tree.put("value", found() ? bracket.lower() : null);
        List<@Nullable Double> interval = new ArrayList<>();
        interval.add(bracket.lower());
        interval.add(Double.isInfinite(bracket.upper()) ? null : bracket.upper());
        tree.put("interval", interval);
        tree.put("endedBy", ended.what().key());
        tree.put("evidence", ended.evidence());
        tree.put("sentence", sentence());
        tree.put("tries", tries.stream().map(Limit::json).toList());
        return JsonText.of(tree);
    }

    private static Map<String, Object> json(LimitTry each) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("value", each.value());
        tree.put("held", each.held());
        tree.put("missed", each.missed());
        tree.put("valid", each.result().valid());
        tree.put("rates", each.result().rates());
        tree.put("directory", each.directory().getFileName().toString());
        return tree;
    }
}
