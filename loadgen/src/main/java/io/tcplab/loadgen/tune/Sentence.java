package io.tcplab.loadgen.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Figures and differences in plain words. */
final class Sentence {

    private static final int MOST_FIGURES = 4;

    private Sentence() {}

    /** What the comparison comes to. */
    static String of(List<Contender> contenders, List<Difference> differences, int fewestRounds) {
        int rounds =
                contenders.stream().mapToInt(each -> each.rounds().size()).min().orElse(0);
        if (rounds < fewestRounds) {
            return "With " + rounds + (rounds == 1 ? " round" : " rounds")
                    + " each nothing can be told from noise: repeat at least " + fewestRounds + " times.";
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
        List<Difference> telling = new ArrayList<>(
                found.stream().filter(each -> each.figure().telling()).toList());
        telling.sort(Comparator.comparing(Difference::figure));
        List<Difference> told = telling.isEmpty() ? found : telling;
        List<String> words =
                told.stream().limit(MOST_FIGURES).map(Sentence::words).toList();
        return second + " against " + first + ": " + String.join("; ", words) + " (" + found.size() + " of "
                + pair.size() + " figures differ beyond noise).";
    }

    /** For example {@code 7.90× the exchanges/s [7.50, 8.30]}. */
    static String words(Difference difference) {
        Double ratio = difference.ratio();
        String label = difference.figure().label();
        if (ratio == null || ratio == 0) {
            return label + " " + number(difference.firstMedian()) + " → " + number(difference.secondMedian());
        }
        return times(ratio) + " the " + label + interval(difference) + ", " + number(difference.firstMedian()) + " → "
                + number(difference.secondMedian());
    }

    static String interval(Difference difference) {
        return difference.interval().isEmpty()
                ? ""
                : " [" + plain(difference.interval().getFirst()) + ", "
                        + plain(difference.interval().getLast()) + "]";
    }

    static String times(double ratio) {
        return plain(ratio) + "×";
    }

    /** Three significant digits. */
    static String plain(double ratio) {
        double size = Math.abs(ratio);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, ratio);
    }

    static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : plain(value);
    }
}
