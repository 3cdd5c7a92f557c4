package io.tcplab.loadgen.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When connections begin, as a profile's {@code load} has it.
 *
 * <p>A closed loop is one whose connections follow each other: after the first ones none begins, or each begins soon after another's end,
 * much sooner than chance has it, and by no clock: there the beginnings are more even than what lies between an end and the next of them;
 * or always as many are open, while the beginnings keep no time. An open loop has a rate, or steps of
 * rates, which are distinguished by the likelihood ratio of a Poisson process with and without a change, divided by how much more than
 * such a process neighbouring moments differ; and its arrivals are evenly spaced or a Poisson process by how much their number varies
 * between windows of ten: a Poisson process has a variance as large as its mean (Cox and Lewis 1966), a clock nearly none.
 */
sealed interface LoadShape {

    /** Of the connections, at a time: the others, such as a client's first question, do not count. */
    double NEARLY_ALL = 0.8;

    /** The share of the time for which so many must be open to be the usual number. */
    double LONG_ENOUGH = 0.1;

    /** A clock's gaps between beginnings spread by less than this share of the delays after an end. */
    double EVENLY = 0.5;

    /** A stretch of constant rate. */
    record Step(double perSecond, double seconds) {}

    /** New connections by the clock; one step is a constant rate. */
    record Open(List<Step> steps, boolean poisson, double dispersion) implements LoadShape {
        public Open {
            steps = List.copyOf(steps);
        }
    }

    /** A new connection when one ends. */
    record Closed(int concurrency, long connections) implements LoadShape {}

    /** Connections that stay; nothing else is known. */
    record Hold(int connections) implements LoadShape {}

    /** Of the connections to one server; what was there before the capture did not begin in it, and counts where it is the most. */
    static LoadShape of(List<Conversation> conversations) {
        List<Conversation> begun =
                conversations.stream().filter(Conversation::begun).toList();
        boolean most = begun.size() > 1 && 2 * begun.size() >= conversations.size();
        return ofThose(most ? begun : conversations);
    }

    private static LoadShape ofThose(List<Conversation> conversations) {
        long[] begins = conversations.stream()
                .mapToLong(Conversation::openedNanos)
                .sorted()
                .toArray();
        long[] ends = conversations.stream()
                .mapToLong(each -> each.closer() == null ? Long.MAX_VALUE : each.lastNanos())
                .sorted()
                .toArray();
        boolean noneEnds = Arrays.stream(ends).allMatch(each -> each == Long.MAX_VALUE);
        if (noneEnds && conversations.stream().allMatch(each -> each.exchanges() == 0)) {
            return new Hold(begins.length);
        }
        long last =
                conversations.stream().mapToLong(Conversation::lastNanos).max().orElse(0);
        int peak = peak(begins, ends, last);
        if (begins.length == 1 || follows(begins, ends, last, peak)) {
            return new Closed(peak, begins.length);
        }
        return Arrivals.of(begins);
    }

    /** The most at a time, for a tenth of the time up to the last packet: not where one that ends meets one that begins. */
    private static int peak(long[] begins, long[] ends, long last) {
        long[] held = new long[begins.length + 1];
        long now = begins[0];
        int begun = 0;
        int ended = 0;
        while (now < last) {
            while (begun < begins.length && begins[begun] <= now) {
                begun++;
            }
            while (ended < ends.length && ends[ended] <= now) {
                ended++;
            }
            long next = begun < begins.length ? begins[begun] : last;
            next = ended < ends.length ? Math.min(next, ends[ended]) : next;
            next = Math.min(Math.max(next, now + 1), last);
            held[Math.max(0, begun - ended)] += next - now;
            now = next;
        }
        long atLeast = 0;
        for (int open = begins.length; open > 1; open--) {
            atLeast += held[open];
            if (atLeast >= (last - begins[0]) * LONG_ENOUGH) {
                return open;
            }
        }
        return 1;
    }

    /** Whether connections beyond the first ones begin when others end. */
    private static boolean follows(long[] begins, long[] ends, long last, int peak) {
        int first = Math.min(begins.length, peak);
        if (first >= NEARLY_ALL * begins.length) {
            long span = Long.MAX_VALUE;
            for (int i = 0; i + first <= begins.length; i++) {
                span = Math.min(span, begins[i + first - 1] - begins[i]);
            }
            return span < (last - begins[0]) / 4;
        }
        double[] delays = new double[begins.length - first];
        int full = 0;
        for (int i = first; i < begins.length; i++) {
            int at = Arrays.binarySearch(ends, begins[i]);
            int ended = at >= 0 ? at + 1 : -at - 1;
            delays[i - first] = ended == 0 ? Double.MAX_VALUE : begins[i] - ends[ended - 1];
            full += i - ended >= 0.9 * (peak - 1) ? 1 : 0;
        }
        Arrays.sort(delays);
        double gap = (double) (begins[begins.length - 1] - begins[first - 1]) / delays.length;
        boolean mostlyFull = full > 0.8 * delays.length;
        boolean soon = Distribution.quantile(delays, 0.5) < 0.2 * gap
                && quartiles(gaps(begins, first)) >= EVENLY * quartiles(delays);
        return mostlyFull && (soon || (peak > 1 && Arrivals.of(begins).dispersion() > 0.3));
    }

    private static double[] gaps(long[] begins, int first) {
        double[] gaps = new double[begins.length - first];
        for (int i = first; i < begins.length; i++) {
            gaps[i - first] = begins[i] - begins[i - 1];
        }
        Arrays.sort(gaps);
        return gaps;
    }

    private static double quartiles(double[] sorted) {
        return Distribution.quantile(sorted, 0.75) - Distribution.quantile(sorted, 0.25);
    }

    /** Open loops. */
    final class Arrivals {

        private static final int MOST_BINS = 60;
        private static final int FEWEST_IN_BIN = 25;
        private static final int MOST_STEPS = 8;
        private static final double LEAST_CHANGE = 1.3;
        private static final double LEAST_GAIN = 30;
        private static final int WINDOW = 10;
        /** The shortest run that a profile can have: all that begins within it is as many in it. */
        private static final double LEAST_SECONDS = 0.01;
        /** The median of a standard normal variable's square. */
        private static final double MEDIAN_OF_SQUARE = 0.455;

        private Arrivals() {}

        static Open of(long[] begins) {
            double seconds = (begins[begins.length - 1] - begins[0]) / 1e9;
            if (seconds < LEAST_SECONDS) {
                return new Open(List.of(new Step(begins.length / LEAST_SECONDS, LEAST_SECONDS)), false, 0);
            }
            int bins = Math.clamp(begins.length / FEWEST_IN_BIN, 1, MOST_BINS);
            long[] counts = new long[bins];
            for (long begin : begins) {
                int bin = (int) ((begin - begins[0]) / 1e9 / seconds * bins);
                counts[Math.min(bin, bins - 1)]++;
            }
            List<Integer> ends = new ArrayList<>();
            split(counts, 0, bins, LEAST_GAIN * unrest(counts), ends);
            ends.add(bins);
            ends.sort(null);
            double width = seconds / bins;
            List<Step> steps = new ArrayList<>();
            int from = 0;
            for (int end : ends) {
                double length = (end - from) * width;
                // Between n arrivals there are n - 1 gaps.
                steps.add(new Step((sum(counts, from, end) - (ends.size() == 1 ? 1 : 0)) / length, length));
                from = end;
            }
            double dispersion = dispersion(begins, steps);
            return new Open(steps, dispersion >= 0.5, dispersion);
        }

        /** Finds where the rate changes most, and looks again on both sides of it. */
        private static void split(long[] counts, int from, int to, double leastGain, List<Integer> ends) {
            if (ends.size() >= MOST_STEPS - 1) {
                return;
            }
            int best = -1;
            double most = leastGain;
            int least = Math.max(2, counts.length / 12);
            for (int at = from + least; at <= to - least; at++) {
                double gain =
                        2 * (likelihood(counts, from, at) + likelihood(counts, at, to) - likelihood(counts, from, to));
                double before = rate(counts, from, at);
                double after = rate(counts, at, to);
                if (gain > most && Math.max(before, after) > LEAST_CHANGE * Math.min(before, after)) {
                    most = gain;
                    best = at;
                }
            }
            if (best >= 0) {
                ends.add(best);
                split(counts, from, best, leastGain, ends);
                split(counts, best, to, leastGain, ends);
            }
        }

        /** How many times more than those of a Poisson process neighbouring numbers differ; at least 1. */
        private static double unrest(long[] counts) {
            double[] squares = new double[Math.max(1, counts.length - 1)];
            for (int i = 1; i < counts.length; i++) {
                double sum = counts[i] + counts[i - 1];
                squares[i - 1] = sum == 0 ? 0 : Math.pow(counts[i] - counts[i - 1], 2) / sum;
            }
            Arrays.sort(squares);
            return Math.max(1, Distribution.quantile(squares, 0.5) / MEDIAN_OF_SQUARE);
        }

        /** Of a Poisson process at its own rate, up to what does not depend on it. */
        private static double likelihood(long[] counts, int from, int to) {
            double n = sum(counts, from, to);
            return n == 0 ? 0 : n * Math.log(n / (to - from));
        }

        private static double rate(long[] counts, int from, int to) {
            return (double) sum(counts, from, to) / (to - from);
        }

        private static long sum(long[] counts, int from, int to) {
            return Arrays.stream(counts, from, to).sum();
        }

        /** Variance over mean of the numbers in windows of ten expected arrivals; by quartiles, so that a stall does not count. */
        private static double dispersion(long[] begins, List<Step> steps) {
            List<Double> deviations = new ArrayList<>();
            double from = begins[0];
            int at = 0;
            for (Step step : steps) {
                double width = WINDOW / step.perSecond() * 1e9;
                int windows = (int) (step.seconds() * 1e9 / width);
                for (int i = 0; i < windows; i++) {
                    int count = 0;
                    while (at < begins.length && begins[at] < from + (i + 1) * width) {
                        at++;
                        count++;
                    }
                    deviations.add((double) count);
                }
                from += step.seconds() * 1e9;
                while (at < begins.length && begins[at] < from) {
                    at++;
                }
            }
            if (deviations.size() < 4) {
                return 0;
            }
            double[] sorted = deviations.stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            return Math.pow(quartiles(sorted) / 1.349, 2) / WINDOW;
        }
    }
}
