package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.LatencyStats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Half of all exchanges take the 40 ms of a delayed ACK (TCP_DELACK_MIN, include/net/tcp.h): one side writes a message in two parts,
 * Nagle's algorithm holds the second back until the first is acknowledged (RFC 1122 §4.2.3.4), and the other side delays that.
 *
 * @param waits the side that holds the second part back; absent where both share a namespace and its counter shows neither
 */
public record NagleMeetsDelayedAck(
        double serviceP50Micros,
        long delayedAcks,
        long exchanges,
        @Nullable Side waits) implements RunWarning {

    static final NagleMeetsDelayedAck EXAMPLE = new NagleMeetsDelayedAck(40_300, 393, 400, Side.CLIENT);

    private static final double LEAST_MICROS = 39_000;
    private static final double MOST_MICROS = 60_000;
    private static final double SHARE = 0.8;
    private static final long LEAST_EXCHANGES = 20;

    /** A server that needs 40 ms by itself has no exchange that is faster; a delayed ACK is quick once in a connection's beginning. */
    static List<RunWarning> in(Facts facts) {
        LatencyStats service = facts.summary().latencies().of(Metric.SERVICE);
        Double p50 = service.p50Micros();
        Double min = service.minMicros();
        if (p50 == null
                || min == null
                || service.count() < LEAST_EXCHANGES
                || p50 < LEAST_MICROS
                || p50 > MOST_MICROS
                || min > p50 / 2) {
            return List.of();
        }
        boolean shared = facts.environment().sidesShareOneNamespace();
        // The side that delays its ACKs is not the one that waits for them.
        for (Side delays : Side.values()) {
            long delayed = facts.counter(delays, KernelCounter.DELAYED_ACKS);
            if (delayed >= SHARE * service.count()) {
                return List.of(new NagleMeetsDelayedAck(
                        p50,
                        delayed,
                        service.count(),
                        shared ? null : delays == Side.CLIENT ? Side.SERVER : Side.CLIENT));
            }
        }
        return List.of();
    }

    @Override
    public String when() {
        return "half of all exchanges took the 40 ms of a delayed ACK, others took much less, and about as many ACKs were delayed as"
                + " there were exchanges";
    }

    @Override
    public String message() {
        return "service p50 is " + micros(serviceP50Micros) + " with " + count(delayedAcks) + " delayed ACKs in "
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
