package io.tcplab.loadgen.record;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was recorded in one interval of a run.
 *
 * @param beginMillis wall-clock time at its beginning, milliseconds since the epoch
 * @param endMillis wall-clock time at its end
 * @param beginSeconds since the recorded part began
 * @param counts what each member of the mix counted, by its name, in this interval
 * @param latencies by member name, then metric; valid only during the call that hands the reading over
 * @param steps of protocols with named steps: by member name, then the step's; valid as long as the latencies
 * @param inFlight connections in progress at the end
 */
public record IntervalReading(
        long beginMillis,
        long endMillis,
        double beginSeconds,
        Map<String, LedgerReading> counts,
        Map<String, Map<Metric, Histogram>> latencies,
        Map<String, Map<String, Histogram>> steps,
        int inFlight) {

    /**
     * Returns a metric's latencies over all members; {@code null} without any. The histogram may be one member's own: it is only to
     * be read.
     */
    public static @Nullable Histogram together(Map<String, Map<Metric, Histogram>> latencies, Metric metric) {
        Histogram first = null;
        Histogram sum = null;
        for (Map<Metric, Histogram> ofMember : latencies.values()) {
            Histogram one = ofMember.get(metric);
            if (one == null) {
                continue;
            } else if (first == null) {
                first = one;
                continue;
            } else if (sum == null) {
                sum = first.copy();
            }
            sum.add(one);
        }
        return sum == null ? first : sum;
    }
}
