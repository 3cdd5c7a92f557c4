package io.tcplab.loadgen.result;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Spread;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the generator measured of its connections: keys of {@code summary.json}.
 *
 * @param rates connections and exchanges per second
 * @param outcomes how the connections ended
 * @param exchanges what became of the requests
 * @param causes distinct errors, once each
 * @param mixes the same by member of the mix
 * @param targets the same by target; empty where the profile does not name several
 * @param latencies of all members together
 * @param http the statuses of the responses; absent without any
 * @param tls what the handshakes of TLS came to; absent where the profile has no TLS
 * @param tcpInfo what the kernel knew of a sample of connections that closed; absent where none was asked about
 * @param held what became of connections that were to be held open; absent for other loads
 */
public record Measured(
        Rates rates,
        Outcomes outcomes,
        Exchanges exchanges,
        List<Cause> causes,
        List<Mix> mixes,
        List<TargetFigures> targets,
        Latencies latencies,
        @Nullable Http http,
        @Nullable TlsFigures tls,
        @Nullable TcpInfoFigures tcpInfo,
        @Nullable Held held) {

    public Measured {
        exchanges = exchanges == null ? Exchanges.NONE : exchanges;
        causes = List.copyOf(causes);
        mixes = List.copyOf(mixes);
        // A file of an earlier version has none.
        targets = targets == null ? List.of() : List.copyOf(targets);
    }

    /**
     * Connections to be held open.
     *
     * @param asked by the plan
     * @param atEnd open when the recorded part ended
     * @param lost opened, and ended before
     * @param reopened opened in place of one that had ended ({@code load.hold.reopen})
     */
    public record Held(long asked, long atEnd, long lost, long reopened) {
        /** Both together. */
        public Held plus(Held other) {
            return new Held(asked + other.asked, atEnd + other.atEnd, lost + other.lost, reopened + other.reopened);
        }
    }

    /**
     * All per second of the recorded part; what is offered and attempted in an open loop of a number of connections: per second until the
     * last of them was started.
     *
     * @param offered asked by the plan; absent where no rate was asked
     * @param attempted connections started, whatever became of them
     * @param achieved connections completed
     * @param exchanges requests answered
     */
    public record Rates(@Nullable Double offered, double attempted, double achieved, double exchanges) {
        public Rates {
            offered = offered == null ? null : Summary.thousandths(offered);
            attempted = Summary.thousandths(attempted);
            achieved = Summary.thousandths(achieved);
            exchanges = Summary.thousandths(exchanges);
        }
    }

    /**
     * A distinct error.
     *
     * @param cause what happened, for example {@code connect: ECONNREFUSED}
     * @param firstSecond seconds since the recorded part began
     * @param lastSecond likewise
     * @param phase what the connection was doing
     * @param idleMillis how long nothing had been in progress: when it happened, or when the request began that met it
     * @param exchanges requests answered before
     * @param sentBytes of the request in progress
     * @param acknowledgedBytes of all bytes of the connection, what the peer's kernel acknowledged
     * @param receivedBytes of the response in progress
     * @param ageMillis how long the connections had been established
     */
    public record Cause(
            String cause,
            long count,
            double firstSecond,
            double lastSecond,
            @Nullable String phase,
            @Nullable Spread idleMillis,
            @Nullable Spread exchanges,
            @Nullable Spread sentBytes,
            @Nullable Spread acknowledgedBytes,
            @Nullable Spread receivedBytes,
            @Nullable Spread ageMillis) {

        /** A cause without evidence. */
        public Cause(String cause, long count, double firstSecond, double lastSecond) {
            this(cause, count, firstSecond, lastSecond, null, null, null, null, null, null, null);
        }

        public Cause {
            firstSecond = Summary.thousandths(firstSecond);
            lastSecond = Summary.thousandths(lastSecond);
        }
    }

    /** How often each HTTP status was received, by its number. */
    public record Http(SortedMap<String, Long> statuses) {

        /** Returns those of a run; absent without any. */
        public static @Nullable Http of(Map<Integer, Long> counted) {
            SortedMap<String, Long> statuses = new TreeMap<>();
            counted.forEach((status, count) -> statuses.put(String.valueOf(status), count));
            return statuses.isEmpty() ? null : new Http(statuses);
        }

        /** Both together; absent where neither has any. */
        public static @Nullable Http sum(@Nullable Http one, @Nullable Http other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            SortedMap<String, Long> sums = new TreeMap<>(one.statuses);
            other.statuses.forEach((status, count) -> sums.merge(status, count, Long::sum));
            return new Http(sums);
        }

        /** {@code 200: 228, 503: 12}. */
        public String words() {
            return statuses.entrySet().stream()
                    .map(each -> each.getKey() + ": " + InWords.count(each.getValue()))
                    .collect(Collectors.joining(", "));
        }
    }

    /**
     * One member of the mix.
     *
     * @param http the statuses of the responses; absent without any
     */
    public record Mix(
            String name,
            Outcomes outcomes,
            Exchanges exchanges,
            Latencies latencies,
            @Nullable Http http) {
        public Mix {
            exchanges = exchanges == null ? Exchanges.NONE : exchanges;
        }
    }
}
