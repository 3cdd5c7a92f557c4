package io.tcplab.loadgen.pace;

import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.List;

/**
 * A rate over time, made of straight lines, and the answer to "when have n arrivals come?".
 *
 * <p>With the rate λ(t), Λ(t) = ∫λ is the number of arrivals by time t; {@link #timeOfNanos} is its inverse. On a line from rate a
 * to rate b over length L the inverse solves (b−a)/(2L)·t² + a·t = n, that is t = 2n / (a + √(a² + 2n(b−a)/L)), a form without
 * cancellation that also covers a = b. Immutable.
 */
public final class RateCurve {

    private final double[] from;
    private final double[] to;
    private final double[] lengthSeconds;
    private final double[] startSeconds;
    private final double[] startArrivals;

    public RateCurve(List<RateSegment> segments) {
        int n = segments.size();
        from = new double[n];
        to = new double[n];
        lengthSeconds = new double[n];
        startSeconds = new double[n + 1];
        startArrivals = new double[n + 1];
        for (int i = 0; i < n; i++) {
            RateSegment segment = segments.get(i);
            from[i] = segment.fromPerSecond();
            to[i] = segment.toPerSecond();
            boolean endless = segment.lengthNanos() == Long.MAX_VALUE;
            lengthSeconds[i] = endless ? Double.POSITIVE_INFINITY : segment.lengthNanos() / 1e9;
            startSeconds[i + 1] = startSeconds[i] + lengthSeconds[i];
            startArrivals[i + 1] = startArrivals[i] + (from[i] + to[i]) / 2 * lengthSeconds[i];
        }
    }

    /**
     * Returns the time at which the expected number of arrivals reaches {@code arrivals}, in nanoseconds since the start;
     * {@link Long#MAX_VALUE} when the curve ends before.
     */
    public long timeOfNanos(double arrivals) {
        int i = segmentOf(arrivals);
        if (i == from.length) {
            return Long.MAX_VALUE;
        }
        double rest = arrivals - startArrivals[i];
        double slope = Double.isInfinite(lengthSeconds[i]) ? 0 : (to[i] - from[i]) / lengthSeconds[i];
        double root = Math.sqrt(Math.max(0, from[i] * from[i] + 2 * rest * slope));
        double seconds = rest == 0 ? 0 : 2 * rest / (from[i] + root);
        return Math.round((startSeconds[i] + seconds) * 1e9);
    }

    /** Returns the number of arrivals expected by {@code nanos} after the start. */
    public double arrivalsBy(long nanos) {
        double seconds = nanos / 1e9;
        double arrivals = 0;
        for (int i = 0; i < from.length && seconds > startSeconds[i]; i++) {
            double within = Math.min(lengthSeconds[i], seconds - startSeconds[i]);
            double slope = Double.isInfinite(lengthSeconds[i]) ? 0 : (to[i] - from[i]) / lengthSeconds[i];
            arrivals = startArrivals[i] + from[i] * within + slope * within * within / 2;
        }
        return arrivals;
    }

    private int segmentOf(double arrivals) {
        int i = 0;
        while (i < from.length && arrivals >= startArrivals[i + 1]) {
            i++;
        }
        return i;
    }
}
