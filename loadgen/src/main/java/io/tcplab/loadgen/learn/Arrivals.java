package io.tcplab.loadgen.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arrivals of an open loop. It has a rate, or steps of rates, which are distinguished by the likelihood ratio of a Poisson process with
 * and without a change, divided by how much more than such a process neighbouring moments differ. Its arrivals are evenly spaced or a
 * Poisson process by how much their number varies between windows of ten: a Poisson process has a variance as large as its mean (Cox and
 * Lewis 1966), a clock nearly none.
 */
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

    static LoadShape.Open of(long[] begins) {
        double seconds = (begins[begins.length - 1] - begins[0]) / 1e9;
        if (seconds < LEAST_SECONDS) {
            return new LoadShape.Open(
                    List.of(new LoadShape.Step(begins.length / LEAST_SECONDS, LEAST_SECONDS)), false, 0);
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
        List<LoadShape.Step> steps = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            double length = (end - from) * width;
            // Between n arrivals there are n - 1 gaps.
            steps.add(new LoadShape.Step((sum(counts, from, end) - (ends.size() == 1 ? 1 : 0)) / length, length));
            from = end;
        }
        double dispersion = dispersion(begins, steps);
        return new LoadShape.Open(steps, dispersion >= 0.5, dispersion);
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
    private static double dispersion(long[] begins, List<LoadShape.Step> steps) {
        List<Double> deviations = new ArrayList<>();
        double from = begins[0];
        int at = 0;
        for (LoadShape.Step step : steps) {
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
        double[] sorted =
                deviations.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Math.pow(Distribution.spread(sorted) / 1.349, 2) / WINDOW;
    }
}
