package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Figures and differences in plain words. */
public final class Sentence {

    private static final int MOST_FIGURES = 4;

    private Sentence() {}

    /** What the comparison comes to. */
    static String of(List<Contender> contenders, List<Difference> differences, int fewestRounds) {
        int rounds =
                contenders.stream().mapToInt(each -> each.rounds().size()).min().orElse(0);
        if (rounds < fewestRounds) {
            return "With " + rounds + (rounds == 1 ? " round" : " rounds")
                    + " each nothing can be distinguished from noise: repeat at least " + fewestRounds + " times.";
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            for (int j = i + 1; j < contenders.size(); j++) {
                parts.add(pair(contenders.get(i).name(), contenders.get(j).name(), differences));
            }
        }
        return String.join(" ", parts);
    }

    private static String pair(String first, String second, List<Difference> all) {
        List<Difference> pair = all.stream()
                .filter(each -> each.first().equals(first) && each.second().equals(second))
                .toList();
        List<Difference> found =
                pair.stream().filter(Difference::distinguishable).toList();
        if (found.isEmpty()) {
            return "No difference between " + first + " and " + second + " in any of " + pair.size() + " figures.";
        }
        String rest = " (" + found.size() + " of " + pair.size() + " figures differ by more than noise).";
        String price = price(pair, found);
        if (!price.isEmpty()) {
            return price + rest;
        }
        List<Difference> telling = new ArrayList<>(
                found.stream().filter(each -> each.figure().telling()).toList());
        telling.sort(Comparator.comparing(Difference::figure));
        List<Difference> told = telling.isEmpty() ? found : telling;
        List<String> words =
                told.stream().limit(MOST_FIGURES).map(Sentence::words).toList();
        return second + " against " + first + ": " + String.join("; ", words) + rest;
    }

    /**
     * Who served more for its CPU time, what the other spent its time on, and what it left; empty where CPU time does not tell them apart.
     */
    private static String price(List<Difference> pair, List<Difference> found) {
        Difference work = of(ComparedFigure.WORK_PER_CPU, found);
        Double ratio = work == null ? null : work.ratio();
        if (work == null || ratio == null || ratio <= 0 || work.interval().size() < 2) {
            return "";
        }
        boolean second = ratio > 1;
        String better = second ? work.second() : work.first();
        String worse = second ? work.first() : work.second();
        double low = work.interval().getFirst();
        double high = work.interval().getLast();
        String times = second
                ? times(ratio) + " the exchanges per CPU second [" + InWords.significant(low) + ", "
                        + InWords.significant(high) + "]"
                : times(1 / ratio) + " the exchanges per CPU second [" + InWords.significant(1 / high) + ", "
                        + InWords.significant(1 / low) + "]";
        List<String> parts = new ArrayList<>();
        Difference share = of(ComparedFigure.CONNECT_TEARDOWN, pair);
        if (share != null) {
            parts.add("spent " + percent(share, second) + " of its time in connect and teardown (" + better + " "
                    + percent(share, !second) + ")");
        }
        parts.add("left " + timeWaits(pair, second, " TIME_WAITs") + " (" + better + " " + timeWaits(pair, !second, "")
                + ")");
        return better + " served " + times + " of " + worse + "; " + worse + " " + String.join(" and ", parts);
    }

    private static @Nullable Difference of(ComparedFigure figure, List<Difference> among) {
        return among.stream()
                .filter(each -> each.figure() == figure)
                .findFirst()
                .orElse(null);
    }

    private static String percent(Difference share, boolean ofFirst) {
        double value = ofFirst ? share.firstMedian() : share.secondMedian();
        return value < 0.01 && value > 0 ? "under 1%" : Math.round(100 * value) + "%";
    }

    /** For example {@code 2,501 TIME_WAITs on the client}. */
    private static String timeWaits(List<Difference> pair, boolean ofFirst, String noun) {
        List<String> sides = new ArrayList<>();
        for (ComparedFigure figure : List.of(ComparedFigure.CLIENT_TIME_WAIT, ComparedFigure.SERVER_TIME_WAIT)) {
            Difference side = of(figure, pair);
            double sockets = side == null ? 0 : ofFirst ? side.firstMedian() : side.secondMedian();
            if (sockets > 0) {
                sides.add(InWords.rate(sockets) + (sides.isEmpty() ? noun : "") + " on the "
                        + (figure == ComparedFigure.CLIENT_TIME_WAIT ? Side.CLIENT : Side.SERVER).word());
            }
        }
        return sides.isEmpty() ? (noun.isEmpty() ? "none" : "no TIME_WAIT") : String.join(" and ", sides);
    }

    /** For example {@code 7.90× the exchanges/s [7.50, 8.30]}. */
    public static String words(Difference difference) {
        Double ratio = difference.ratio();
        String label = difference.figure().label();
        if (ratio == null || ratio == 0) {
            return label + " " + InWords.rate(difference.firstMedian()) + " → "
                    + InWords.rate(difference.secondMedian());
        }
        return times(ratio) + " the " + label + interval(difference) + ", " + InWords.rate(difference.firstMedian())
                + " → " + InWords.rate(difference.secondMedian());
    }

    static String interval(Difference difference) {
        return difference.interval().isEmpty()
                ? ""
                : " [" + InWords.significant(difference.interval().getFirst()) + ", "
                        + InWords.significant(difference.interval().getLast()) + "]";
    }

    static String times(double ratio) {
        return InWords.significant(ratio) + "×";
    }
}
