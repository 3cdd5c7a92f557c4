package io.tcplab.loadgen.record;

import java.util.Map;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one of several targets.
 *
 * @param counts recorded connections to it
 * @param latencies by metric
 * @param statuses how often it answered with each HTTP status in the recorded part
 */
public record TargetMeasurement(
        LedgerReading counts, Map<Metric, Histogram> latencies, SortedMap<Integer, Long> statuses) {}
