package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.record.InWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Figures and differences in plain words. */
public final class Sentence {

    /** Below it a difference is a percentage: 12% slower; above, a factor: 2.9 times slower. */
    private static final double FACTOR = 1.5;

    private static final int MOST_FIGURES = 4;

    private Sentence() {}

    /** What the comparison comes to. */
    static String of(List<Contender> contenders, List<Difference> differences, int fewestRounds) {
        int rounds =
                contenders.stream().mapToInt(each -> each.rounds().size()).min().orElse(0);
        if (rounds < fewestRounds) {
            return "Cannot tell yet: with " + rounds + (rounds == 1 ? " round" : " rounds")
                    + " each nothing can be distinguished from noise: repeat at least " + fewestRounds + " times.";
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            for (int j = i + 1; j < contenders.size(); j++) {
                parts.add(pair(contenders.get(i).name(), contenders.get(j).name(), differences, rounds));
            }
        }
        return String.join(" ", parts);
    }

    private static String pair(String first, String second, List<Difference> all, int rounds) {
        List<Difference> pair = all.stream()
                .filter(each -> each.first().equals(first) && each.second().equals(second))
                .toList();
        List<Difference> found = pair.stream()
                .filter(each -> each.role() != null && each.distinguishable())
                .sorted(Comparator.comparingDouble(Sentence::size).reversed())
                .toList();
        if (found.isEmpty()) {
            return undecided(first, second, pair, rounds) + below(pair);
        }
        Difference lead = found.getFirst();
        StringBuilder text =
                new StringBuilder(lead(lead)).append(", ").append(rounds).append(" rounds");
        for (Difference each : found.subList(1, found.size())) {
            text.append("; ")
                    .append(worse(each).equals(worse(lead)) ? "" : worse(each) + " is ")
                    .append(also(each));
        }
        return text.append('.') + CpuPrice.of(pair, found);
    }

    /** How far apart the two are, whichever does worse. */
    private static double size(Difference each) {
        Double ratio = each.ratio();
        return ratio == null || ratio == 0 ? Double.MAX_VALUE : Math.abs(Math.log(ratio));
    }

    /** For example {@code haproxy is 2.9 times slower than nginx in response p50 (95%: 2.6 to 3.2)}. */
    private static String lead(Difference each) {
        Primary role = role(each);
        String better = worse(each).equals(each.second()) ? each.first() : each.second();
        if (role == Primary.ERRORS) {
            boolean second = each.secondMedian() > each.firstMedian();
            return worse(each) + " has " + InWords.rate(second ? each.secondMedian() : each.firstMedian())
                    + " errors a round, " + better + " "
                    + InWords.rate(second ? each.firstMedian() : each.secondMedian());
        }
        return worse(each) + " is " + by(each) + " " + role.worse() + " than " + better + " in "
                + role.words(each.figure()) + ends(each);
    }

    private static String also(Difference each) {
        Primary role = role(each);
        return role == Primary.ERRORS
                ? InWords.rate(each.firstMedian()) + " → " + InWords.rate(each.secondMedian()) + " errors a round"
                : by(each) + " " + role.worse() + " in " + role.words(each.figure()) + ends(each);
    }

    private static Primary role(Difference each) {
        Primary role = each.role();
        if (role == null) {
            throw new IllegalArgumentException(each.figure() + " is no primary figure");
        }
        return role;
    }

    /** The name of the contender that does worse in a primary figure. */
    static String worse(Difference each) {
        Double ratio = each.ratio();
        boolean larger = ratio == null || ratio > 1;
        return larger == role(each).largerIsWorse() ? each.second() : each.first();
    }

    private static String by(Difference each) {
        Double ratio = each.ratio();
        return ratio == null || ratio == 0 ? "much" : amount(upward(ratio));
    }

    /** The interval of the same size and direction as {@link #by}. */
    private static String ends(Difference each) {
        Double ratio = each.ratio();
        if (each.interval().isEmpty() || ratio == null) {
            return "";
        }
        boolean up = ratio > 1;
        double low = up ? each.interval().getFirst() : 1 / each.interval().getLast();
        double high = up ? each.interval().getLast() : 1 / each.interval().getFirst();
        String words = upward(ratio) < FACTOR
                ? share(low - 1) + " to " + share(high - 1)
                : factor(low) + " to " + factor(high);
        return " (95%: " + words + ")";
    }

    private static double upward(double ratio) {
        return ratio > 1 ? ratio : 1 / ratio;
    }

    private static String amount(double factor) {
        return factor < FACTOR ? share(factor - 1) : factor(factor) + " times";
    }

    private static String factor(double factor) {
        return String.format(Locale.ROOT, factor < 9.95 ? "%.1f" : "%,.0f", factor);
    }

    /** For example {@code 12%}; tenths below 10%. */
    static String share(double share) {
        double percent = share * 100;
        return String.format(
                Locale.ROOT, percent < 9.95 && percent != Math.rint(percent) ? "%.1f%%" : "%,.0f%%", percent);
    }

    /** No primary figure differs: which of them are settled, and what it takes to settle the others. */
    private static String undecided(String first, String second, List<Difference> pair, int rounds) {
        List<Difference> primary =
                pair.stream().filter(each -> each.role() != null).toList();
        List<Difference> settled =
                primary.stream().filter(each -> each.moreRounds() == 0).toList();
        List<Difference> open = primary.stream()
                .filter(each -> each.moreRounds() > 0)
                .sorted(Comparator.comparingInt(Difference::moreRounds))
                .toList();
        if (settled.stream().allMatch(each -> each.figure() == ComparedFigure.ERRORS) && !open.isEmpty()) {
            return "Cannot tell yet whether " + first + " and " + second + " differ: " + more(open.getFirst()) + " for "
                    + name(open.getFirst()) + rest(open) + ", after " + rounds + " rounds.";
        }
        double largest = settled.stream()
                .map(Difference::largest)
                .mapToDouble(each -> each == null ? 0 : each)
                .max()
                .orElse(0);
        String none = "No difference" + (largest > 0 ? " larger than " + share(largest) : "") + " between " + first
                + " and " + second + " in " + names(settled) + ", " + rounds + " rounds";
        return none
                + (open.isEmpty() ? "." : "; cannot tell yet in " + names(open) + ": " + more(open.getLast()) + ".");
    }

    private static String rest(List<Difference> open) {
        Difference last = open.getLast();
        return open.size() < 2 ? "" : ", " + more(last) + " for " + name(last);
    }

    private static String more(Difference each) {
        return InWords.count(each.moreRounds()) + (each.moreRounds() == 1 ? " more round" : " more rounds");
    }

    private static String name(Difference each) {
        return role(each).words(each.figure());
    }

    private static String names(List<Difference> some) {
        List<String> names = some.stream().map(Sentence::name).toList();
        return names.size() < 2
                ? String.join("", names)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }

    /** The secondary figures that differ where no primary one does; they never lead. */
    private static String below(List<Difference> pair) {
        List<Difference> found = pair.stream()
                .filter(each -> each.role() == null && each.distinguishable())
                .toList();
        return found.isEmpty()
                ? ""
                : " Of the secondary figures, " + second(found) + ": "
                        + found.stream()
                                .limit(MOST_FIGURES)
                                .map(Sentence::words)
                                .collect(Collectors.joining("; "))
                        + ".";
    }

    private static String second(List<Difference> found) {
        return found.size() + (found.size() == 1 ? " differs" : " differ");
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
