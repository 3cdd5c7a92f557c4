package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run's result: what {@code summary.json} holds. The components of its parts stand side by side there, in the order of the parts,
 * and each component is a key.
 *
 * @param head which run it was
 * @param verdict whether to believe it and whether it kept its limits
 * @param measured what became of the connections
 * @param observed what was seen beside them: kernels, processes, clocks
 * @param interrupted whether the run ended before its time
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Summary(
        @JsonUnwrapped Head head,
        @JsonUnwrapped Verdict verdict,
        @JsonUnwrapped Measured measured,
        @JsonUnwrapped Observed observed,
        boolean interrupted) {

    public static final int SCHEMA_VERSION = 1;

    /** The same result with another verdict. */
    public Summary with(Verdict other) {
        return new Summary(head, other, measured, observed, interrupted);
    }

    /** The same result with what the server's processes used. */
    public Summary with(ServerProcess server) {
        return new Summary(head, verdict, measured, observed.with(server), interrupted);
    }

    /** The same result with what was done during the load. */
    public Summary with(List<ActionReport> done) {
        return new Summary(head, verdict, measured, observed.with(done), interrupted);
    }

    /** The same result with the generators that it came from. */
    public Summary from(List<OneGenerator> each) {
        return new Summary(head, verdict, measured, observed.from(each), interrupted);
    }

    /** The same result with what one of several generators counted. */
    public Summary with(Counted ofSeveral) {
        return new Summary(head, verdict, measured, observed.with(ofSeveral), interrupted);
    }

    public @Nullable Counted counted() {
        return observed.counted();
    }

    /** The generators that it came from, where several joined; else empty. */
    public List<OneGenerator> generators() {
        return observed.generators();
    }

    /** The same result with what lay between the sides. */
    public Summary with(NetworkFigures between) {
        return new Summary(head, verdict, measured, observed.with(between), interrupted);
    }

    public @Nullable NetworkFigures network() {
        return observed.network();
    }

    public List<ActionReport> actions() {
        return observed.actions();
    }

    public int schemaVersion() {
        return head.schemaVersion();
    }

    public String profile() {
        return head.profile();
    }

    public @Nullable Target target() {
        return head.target();
    }

    public Instant startedAt() {
        return head.startedAt();
    }

    public double durationSeconds() {
        return head.durationSeconds();
    }

    public long seed() {
        return head.seed();
    }

    public boolean valid() {
        return verdict.valid();
    }

    public List<Warning> warnings() {
        return verdict.warnings();
    }

    public List<ThresholdResult> thresholds() {
        return verdict.thresholds();
    }

    public Rates rates() {
        return measured.rates();
    }

    public Outcomes outcomes() {
        return measured.outcomes();
    }

    public @Nullable Held held() {
        return measured.held();
    }

    public Exchanges exchanges() {
        return measured.exchanges();
    }

    public List<Cause> causes() {
        return measured.causes();
    }

    public List<Mix> mixes() {
        return measured.mixes();
    }

    public List<TargetFigures> targets() {
        return measured.targets();
    }

    public Latencies latencies() {
        return measured.latencies();
    }

    public @Nullable Http http() {
        return measured.http();
    }

    public @Nullable TlsFigures tls() {
        return measured.tls();
    }

    public @Nullable TcpInfoFigures tcpInfo() {
        return measured.tcpInfo();
    }

    public KernelFigures kernel() {
        return observed.kernel();
    }

    public List<Reconciled> reconciliation() {
        return observed.reconciliation();
    }

    public Generator generator() {
        return observed.generator();
    }

    public @Nullable ServerProcess server() {
        return observed.server();
    }

    public Warmup warmup() {
        return observed.warmup();
    }

    public @Nullable ClockOffset clockOffset() {
        return observed.clockOffset();
    }

    public @Nullable Leftovers before() {
        return observed.before();
    }

    /**
     * Where the load went.
     *
     * @param asked {@code HOST:PORT} as it was asked for, of several targets all; absent for a server that the run has started
     * @param address {@code HOST:PORT} by number, which was chosen among the host's addresses; absent where there are several targets
     * @param addresses all of the host's addresses when the run began, in the resolver's order
     */
    public record Target(@Nullable String asked, @Nullable String address, List<String> addresses) {
        public Target {
            // A file of an earlier version has none.
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
        }
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
     * What a reader must know before believing a figure.
     *
     * @param evidence the figures that it rests on, by name; none in a file of an earlier version
     * @param invalidates whether the result cannot be trusted for it
     */
    public record Warning(
            String code, String message, String advice, Map<String, @Nullable Object> evidence, boolean invalidates) {
        public Warning {
            Map<String, @Nullable Object> written = new LinkedHashMap<>();
            if (evidence != null) {
                evidence.forEach((name, value) -> written.put(name, plain(value)));
            }
            evidence = Collections.unmodifiableMap(written);
        }

        /** As it is read back. */
        private static @Nullable Object plain(@Nullable Object value) {
            return switch (value) {
                case Integer whole -> (long) whole;
                case Double figure -> thousandths(figure);
                case null, default -> value;
            };
        }
    }

    /**
     * A threshold and what became of it.
     *
     * @param actual the figure in the threshold's base unit (seconds, a fraction, or plain); absent when there is none
     */
    public record ThresholdResult(
            String expression, @Nullable Double actual, boolean passed) {}

    /**
     * All per second of the recorded part.
     *
     * @param offered asked by the plan; absent where no rate was asked
     * @param attempted connections started, whatever became of them
     * @param achieved connections completed
     * @param exchanges requests answered
     */
    public record Rates(@Nullable Double offered, double attempted, double achieved, double exchanges) {
        public Rates {
            offered = offered == null ? null : thousandths(offered);
            attempted = thousandths(attempted);
            achieved = thousandths(achieved);
            exchanges = thousandths(exchanges);
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
            @Nullable Spread receivedBytes) {

        /** A cause without evidence. */
        public Cause(String cause, long count, double firstSecond, double lastSecond) {
            this(cause, count, firstSecond, lastSecond, null, null, null, null, null, null);
        }

        public Cause {
            firstSecond = thousandths(firstSecond);
            lastSecond = thousandths(lastSecond);
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

    /**
     * What the generator cost.
     *
     * @param cpuSeconds user and system time of the generator's process during the recorded part
     * @param cpuMicrosPerConnection absent when nothing was started
     * @param eventLoopBusy share of the recorded part that the busiest event loop worked, 0 to 1; being awake for the next start
     *     (client.pinCpu) is not work
     */
    public record Generator(
            double cpuSeconds, @Nullable Double cpuMicrosPerConnection, double eventLoopBusy, GcPauses gcPauses) {
        public Generator {
            cpuSeconds = thousandths(cpuSeconds);
            cpuMicrosPerConnection = cpuMicrosPerConnection == null ? null : thousandths(cpuMicrosPerConnection);
            eventLoopBusy = thousandths(eventLoopBusy);
        }
    }

    /** The garbage collector's pauses in the generator. */
    public record GcPauses(long count, double totalMillis, double maxMillis) {
        /** None. */
        public static final GcPauses NONE = new GcPauses(0, 0, 0);
    }

    /** What was run but not recorded. */
    public record Warmup(long started, Outcomes outcomes) {
        /** There was no warm-up. */
        public static final Warmup NONE = new Warmup(0, Outcomes.NONE);
    }

    /** Whether every threshold was kept. */
    public boolean thresholdsKept() {
        return thresholds().stream().allMatch(ThresholdResult::passed);
    }

    public static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
