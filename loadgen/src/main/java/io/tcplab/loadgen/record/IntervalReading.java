package io.tcplab.loadgen.record;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What was recorded in one interval of a run.
 *
 * @param beginMillis wall-clock time at its beginning, milliseconds since the epoch
 * @param endMillis wall-clock time at its end
 * @param beginSeconds since the recorded part began
 * @param counts what each member of the mix counted, by its name, in this interval
 * @param latencies by member name, then metric; valid only during the call that hands the reading over
 * @param inFlight connections under way at the end
 */
public record IntervalReading(
        long beginMillis,
        long endMillis,
        double beginSeconds,
        Map<String, LedgerReading> counts,
        Map<String, Map<Metric, Histogram>> latencies,
        int inFlight) {}
