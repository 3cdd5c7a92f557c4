package io.tcplab.loadgen.learn;

import java.util.Arrays;
import java.util.List;

/**
 * When connections begin, as a profile's {@code load} has it.
 *
 * <p>A closed loop is one whose connections follow each other: after the first ones none begins, or each begins soon after another's end,
 * much sooner than chance has it, and by no clock: there the beginnings are more even than what lies between an end and the next of them;
 * or always as many are open, while the beginnings keep no time. {@link Arrivals} says what an open one is.
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
                && Distribution.spread(gaps(begins, first)) >= EVENLY * Distribution.spread(delays);
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
}
