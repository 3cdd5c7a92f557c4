package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Metric;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes {@code latencies.hlog}: HdrHistogram's log format 1.3, one line per interval and tag {@code <mix>.<metric>}, values in
 * nanoseconds, times in seconds since the epoch so that logs of several generators can be put together. One writer.
 *
 * <p>It is flushed after each interval: whatever ends the program, the log is complete up to the last one.
 */
public final class HlogWriter {

    private static final double NANOS_PER_MILLI = 1e6;

    private final OutputStream stream;
    private final HistogramLogWriter log;

    /**
     * Writes the header.
     *
     * @param startMillis milliseconds since the epoch
     */
    public HlogWriter(OutputStream stream, long startMillis) {
        this(
                stream,
                startMillis,
                "Latencies in nanoseconds; the column of maxima in milliseconds; tags are <mix>.<metric>");
    }

    /** As above; {@code comment} says what the values are. */
    HlogWriter(OutputStream stream, long startMillis, String comment) {
        this.stream = stream;
        this.log = new HistogramLogWriter(stream);
        log.outputComment("[" + comment + "]");
        log.outputLogFormatVersion();
        log.outputStartTime(startMillis);
        log.outputLegend();
    }

    /** Appends every latency of an interval; empty ones are left out. */
    public void append(IntervalReading reading) throws IOException {
        for (Map.Entry<String, Map<Metric, Histogram>> member :
                reading.latencies().entrySet()) {
            for (Map.Entry<Metric, Histogram> latency : member.getValue().entrySet()) {
                append(
                        tag(member.getKey(), latency.getKey()),
                        latency.getValue(),
                        reading.beginMillis(),
                        reading.endMillis());
            }
        }
        for (Map.Entry<String, Map<String, Histogram>> member : reading.steps().entrySet()) {
            for (Map.Entry<String, Histogram> step : member.getValue().entrySet()) {
                String tag = stepTag(member.getKey(), step.getKey());
                append(tag, step.getValue(), reading.beginMillis(), reading.endMillis());
            }
        }
        stream.flush();
    }

    /** Appends one interval of one tag; the histogram is not kept. */
    public void append(String tag, EncodableHistogram nanos, long beginMillis, long endMillis) {
        if (nanos instanceof Histogram histogram && histogram.getTotalCount() == 0) {
            return;
        }
        nanos.setTag(tag);
        log.outputIntervalHistogram(beginMillis / 1000.0, endMillis / 1000.0, nanos, NANOS_PER_MILLI);
    }

    /** Appends the line that {@code reader} stands at as it is, without decoding it. */
    void copy(HlogReader reader) throws IOException {
        StringBuilder line = new StringBuilder(reader.payload().length() + 64);
        if (!reader.tag().isEmpty()) {
            line.append("Tag=").append(reader.tag()).append(',');
        }
        decimal(line, reader.beginMillis());
        decimal(line.append(','), reader.endMillis() - reader.beginMillis());
        line.append(',')
                .append(reader.max())
                .append(',')
                .append(reader.payload())
                .append('\n');
        stream.write(line.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Seconds with three decimals. */
    private static void decimal(StringBuilder line, long millis) {
        long rest = Math.abs(millis % 1000);
        line.append(millis < 0 ? "-" : "").append(Math.abs(millis / 1000));
        line.append(rest < 10 ? ".00" : rest < 100 ? ".0" : ".").append(rest);
    }

    /** The tag of a member's metric. */
    public static String tag(String mix, Metric metric) {
        return mix + "." + metric.key();
    }

    /** The tag of a member's named step. */
    public static String stepTag(String mix, String step) {
        return mix + "." + Latencies.STEP + step;
    }
}
