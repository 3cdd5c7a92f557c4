package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.TcpFigure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knew of a sample of the established connections when they closed (TCP_INFO, tcp(7)).
 *
 * @param oneIn one of so many was asked about, of each event loop's first 256 all
 * @param sampled how many were asked about
 * @param rtt the smoothed round-trip time
 * @param minRtt the shortest round-trip time
 * @param retransmits segments of a connection that were sent again, the SYN among them
 * @param sentBytes of a connection, without those that were sent again
 * @param retransmittedBytes of a connection
 * @param receivedBytes of a connection
 * @param sentSegments with data, of a connection; absent where a file of an earlier version has none
 * @param receivedSegments likewise
 */
public record TcpInfoFigures(
        int oneIn,
        long sampled,
        LatencyStats rtt,
        LatencyStats minRtt,
        Distribution retransmits,
        Distribution sentBytes,
        Distribution retransmittedBytes,
        Distribution receivedBytes,
        @Nullable Distribution sentSegments,
        @Nullable Distribution receivedSegments) {

    /**
     * A distribution of counts.
     *
     * @param sum over all samples
     */
    public record Distribution(long min, long p50, long p90, long p99, long max, double mean, long sum) {

        static Distribution of(Histogram counts) {
            return new Distribution(
                    counts.getMinValue(),
                    counts.getValueAtPercentile(50),
                    counts.getValueAtPercentile(90),
                    counts.getValueAtPercentile(99),
                    counts.getMaxValue(),
                    Summary.thousandths(counts.getMean()),
                    Math.round(counts.getMean() * counts.getTotalCount()));
        }
    }

    /** Returns those of a run; absent where no connection was asked about. */
    public static @Nullable TcpInfoFigures of(int oneIn, Map<TcpFigure, Histogram> recorded) {
        Histogram retransmits = recorded.get(TcpFigure.RETRANSMITS);
        if (retransmits == null || retransmits.getTotalCount() == 0) {
            return null;
        }
        return new TcpInfoFigures(
                oneIn,
                retransmits.getTotalCount(),
                times(recorded.get(TcpFigure.RTT)),
                times(recorded.get(TcpFigure.MIN_RTT)),
                Distribution.of(retransmits),
                Distribution.of(Objects.requireNonNull(recorded.get(TcpFigure.SENT_BYTES))),
                Distribution.of(Objects.requireNonNull(recorded.get(TcpFigure.RETRANSMITTED_BYTES))),
                Distribution.of(Objects.requireNonNull(recorded.get(TcpFigure.RECEIVED_BYTES))),
                segments(recorded.get(TcpFigure.SENT_SEGMENTS)),
                segments(recorded.get(TcpFigure.RECEIVED_SEGMENTS)));
    }

    private static @Nullable Distribution segments(@Nullable Histogram counts) {
        return counts == null ? null : Distribution.of(counts);
    }

    /** Returns those of several runs together; {@code totals} has their histograms, null where one has kept none. */
    public static @Nullable TcpInfoFigures sum(List<@Nullable TcpInfoFigures> parts, @Nullable Totals totals) {
        return totals == null
                ? null
                : parts.stream()
                        .filter(Objects::nonNull)
                        .findFirst()
                        .map(first -> of(first.oneIn, totals.tcp()))
                        .orElse(null);
    }

    private static LatencyStats times(@Nullable Histogram nanos) {
        return nanos == null ? LatencyStats.EMPTY : LatencyStats.of(nanos);
    }

    /** The same in a sentence. */
    public String words() {
        return "of " + InWords.count(sampled) + " connections at their close: rtt p50 " + time(rtt.p50Micros())
                + ", p99 "
                + time(rtt.p99Micros()) + "; shortest rtt p50 " + time(minRtt.p50Micros()) + "; "
                + InWords.count(retransmits.sum) + " segments sent again, at most " + InWords.count(retransmits.max)
                + " on one connection";
    }

    private static String time(@Nullable Double micros) {
        return micros == null ? "unknown" : InWords.micros(micros);
    }
}
