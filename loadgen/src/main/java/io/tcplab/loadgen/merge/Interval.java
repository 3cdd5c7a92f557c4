package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * An interval's reading as it travels, without named steps.
 *
 * @param latencies by member, then metric: HdrHistogram's compressed encoding
 */
public record Interval(
        long beginMillis,
        long endMillis,
        double beginSeconds,
        Map<String, LedgerReading> counts,
        Map<String, Map<Metric, Octets>> latencies,
        int inFlight) {

    /** Of a reading, whose histograms are copied. */
    public static Interval of(IntervalReading reading) {
        Map<String, Map<Metric, Octets>> all = new LinkedHashMap<>();
        reading.latencies().forEach((member, metrics) -> {
            Map<Metric, Octets> encoded = new EnumMap<>(Metric.class);
            metrics.forEach((metric, nanos) -> {
                if (nanos.getTotalCount() > 0) {
                    ByteBuffer buffer = ByteBuffer.allocate(nanos.getNeededByteBufferCapacity());
                    int length = nanos.encodeIntoCompressedByteBuffer(buffer);
                    encoded.put(metric, Octets.of(buffer.array(), length));
                }
            });
            all.put(member, encoded);
        });
        return new Interval(
                reading.beginMillis(),
                reading.endMillis(),
                reading.beginSeconds(),
                reading.counts(),
                all,
                reading.inFlight());
    }

    /** The same without latencies, which may be too many for one message. */
    public Interval withoutLatencies() {
        return new Interval(beginMillis, endMillis, beginSeconds, counts, Map.of(), inFlight);
    }

    /** What all members counted. */
    public LedgerReading total() {
        return counts.values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
    }

    /** The same interval of several generators as one. Throws IllegalArgumentException where a histogram is damaged. */
    public static IntervalReading together(List<Interval> parts) {
        Map<String, LedgerReading> counts = new LinkedHashMap<>();
        Map<String, Map<Metric, Histogram>> latencies = new LinkedHashMap<>();
        long begin = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        double beginSeconds = Double.MAX_VALUE;
        int inFlight = 0;
        for (Interval part : parts) {
            part.counts.forEach((member, reading) -> counts.merge(member, reading, LedgerReading::plus));
            part.latencies.forEach((member, metrics) -> metrics.forEach((metric, octets) -> latencies
                    .computeIfAbsent(member, _ -> new EnumMap<>(Metric.class))
                    .merge(metric, decoded(octets), Interval::sum)));
            begin = Math.min(begin, part.beginMillis);
            end = Math.max(end, part.endMillis);
            beginSeconds = Math.min(beginSeconds, part.beginSeconds);
            inFlight += part.inFlight;
        }
        return new IntervalReading(begin, end, beginSeconds, counts, latencies, Map.of(), inFlight);
    }

    private static Histogram decoded(Octets octets) {
        try {
            Histogram sum = LatencyRecorder.newHistogram();
            sum.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(octets.bytes()), 0));
            return sum;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("a histogram is damaged", e);
        }
    }

    private static Histogram sum(Histogram one, Histogram other) {
        one.add(other);
        return one;
    }
}
