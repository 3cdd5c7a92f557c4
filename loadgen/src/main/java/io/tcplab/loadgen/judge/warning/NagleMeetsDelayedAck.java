package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.TcpInfoFigures;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many exchanges take the 40 ms of a delayed ACK (TCP_DELACK_MIN, include/net/tcp.h): one side writes a message in two parts,
 * Nagle's algorithm holds the second back until the first is acknowledged (RFC 1122 §4.2.3.4), and the other side delays that.
 *
 * @param slow exchanges that took that long; more than half where the median is among them
 * @param waits the side that holds the second part back; absent where both share a namespace and neither its counter nor the segments of
 *     the connections show which
 */
public record NagleMeetsDelayedAck(
        double serviceP50Micros,
        long slow,
        long delayedAcks,
        long exchanges,
        @Nullable Side waits) implements RunWarning {

    static final NagleMeetsDelayedAck EXAMPLE = new NagleMeetsDelayedAck(40_300, 396, 393, 400, Side.CLIENT);

    private static final long LEAST_NANOS = 39_000_000;
    private static final long MOST_NANOS = 60_000_000;

    /**
     * The timer goes off within a tick after 40 ms, at 44 ms where there are 250 a second. A server that needs longer by itself has its
     * request's ACK delayed as often, and nobody's Nagle.
     */
    private static final long TIMER_NANOS = 44_500_000;

    /** Slower than an exchange that waits for nothing; a server that needs as long by itself mostly has some in between. */
    private static final long QUICK_NANOS = 10_000_000;

    private static final double SHARE = 0.8;
    private static final double MOST = 0.6;
    private static final double TIMERS = 0.25;
    private static final double FEW = 0.2;

    /** A message in two parts is two segments. A few may have been seen otherwise: a sample of all connections is asked. */
    private static final double PARTS = 0.5;

    private static final long LEAST_EXCHANGES = 20;

    /** A server that needs 40 ms by itself has no exchange that is faster; a delayed ACK is quick once in a connection's beginning. */
    static List<RunWarning> in(Facts facts) {
        LatencyStats service = facts.summary().latencies().of(Metric.SERVICE);
        Double p50 = service.p50Micros();
        Double min = service.minMicros();
        long slow = between(facts, LEAST_NANOS, MOST_NANOS);
        if (p50 == null
                || min == null
                || slow < LEAST_EXCHANGES
                || slow < FEW * service.count()
                || slow < MOST * between(facts, QUICK_NANOS, Long.MAX_VALUE)
                || between(facts, LEAST_NANOS, TIMER_NANOS) < TIMERS * slow
                || min > LEAST_NANOS / 2e3) {
            return List.of();
        }
        boolean shared = facts.environment().sidesShareOneNamespace();
        List<Side> writers = Stream.of(Side.values())
                .filter(side -> mayWriteInParts(facts, side, slow))
                .toList();
        // The side that delays its ACKs is not the one that waits for them; a namespace of both counts them together.
        for (Side waits : writers) {
            Side delays = waits == Side.CLIENT && !shared ? Side.SERVER : Side.CLIENT;
            long delayed = facts.counter(delays, KernelCounter.DELAYED_ACKS);
            if (delayed >= SHARE * slow) {
                boolean known = !shared || writers.size() == 1;
                return List.of(new NagleMeetsDelayedAck(p50, slow, delayed, service.count(), known ? waits : null));
            }
        }
        return List.of();
    }

    /**
     * Whether a side sent more segments with data than one for each exchange, as many more as there were slow ones: a server that needs
     * 40 ms by itself has the request's ACK delayed too, but sends one segment. Where the connections were not asked, it may have.
     */
    private static boolean mayWriteInParts(Facts facts, Side side, long slow) {
        TcpInfoFigures seen = facts.summary().tcpInfo();
        TcpInfoFigures.Distribution segments =
                seen == null ? null : side == Side.CLIENT ? seen.sentSegments() : seen.receivedSegments();
        long established = facts.measured().total().established();
        if (segments == null || established == 0) {
            return true;
        }
        long exchanges = facts.summary().latencies().of(Metric.SERVICE).count();
        double more = segments.mean() - exchanges / (double) established;
        return more >= PARTS * slow / established;
    }

    private static long between(Facts facts, long fromNanos, long toNanos) {
        return facts.measured().latencies().values().stream()
                .flatMap(member -> Stream.ofNullable(member.get(Metric.SERVICE)))
                .filter(each -> each.getMaxValue() >= fromNanos)
                .mapToLong(each -> each.getCountBetweenValues(fromNanos, Math.min(toNanos, each.getMaxValue())))
                .sum();
    }

    @Override
    public String when() {
        return "a fifth of all exchanges or more took the 40 ms of a delayed ACK, others took much less, and about as many ACKs were"
                + " delayed as there were such exchanges; not raised where TCP_INFO shows that each message was one segment";
    }

    @Override
    public String message() {
        boolean most = serviceP50Micros * 1000 >= LEAST_NANOS;
        return "service p50 is " + micros(serviceP50Micros)
                + (most ? "" : ", " + count(slow) + " exchanges took 40 ms,") + " with " + count(delayedAcks)
                + " delayed ACKs in "
                + count(exchanges) + " exchanges: " + (waits == null ? "one side" : "the " + waits.word())
                + " writes a message in parts, and Nagle's algorithm holds the last one until the 40 ms of a delayed ACK are over";
    }

    @Override
    public String advice() {
        String where = waits == null ? "in that side" : "in the " + waits.word();
        return "write each message by one call, or set TCP_NODELAY " + where
                + (waits == Side.CLIENT ? " (client.nodelay)" : "");
    }
}
