package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import org.jspecify.annotations.Nullable;

/**
 * One run's result: the records mirror {@code summary.json}, key by key and in its order.
 *
 * @param schemaVersion {@link #SCHEMA_VERSION}
 * @param profile the profile's name
 * @param startedAt when the recorded part began
 * @param durationSeconds of the recorded part
 * @param seed of every random choice, for a repeat
 * @param valid false when the result cannot be trusted
 * @param warnings what a reader must know before believing a figure
 * @param thresholds the profile's limits and whether each was kept
 * @param rates connections and exchanges per second
 * @param outcomes how the connections ended
 * @param causes distinct errors, once each
 * @param mixes the same by member of the mix
 * @param latencies of all members together
 * @param http the statuses of the responses; absent without any
 * @param tls what the handshakes of TLS came to; absent where the profile has no TLS
 * @param kernel what the kernels counted
 * @param reconciliation our counts beside the kernel's
 * @param generator what the generator itself cost
 * @param server what the companion's process cost and counted; absent when none was asked
 * @param warmup what was run but not recorded
 * @param clockOffset of the server's clock against ours; absent when no companion was asked
 * @param before what earlier work had left when the run began; absent when nobody looked
 * @param interrupted whether the run ended before its time
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Summary(
        int schemaVersion,
        String profile,
        Instant startedAt,
        double durationSeconds,
        long seed,
        boolean valid,
        List<Warning> warnings,
        List<ThresholdResult> thresholds,
        Rates rates,
        Outcomes outcomes,
        List<Cause> causes,
        List<Mix> mixes,
        Latencies latencies,
        @Nullable Http http,
        @Nullable TlsFigures tls,
        KernelFigures kernel,
        List<Reconciled> reconciliation,
        Generator generator,
        @Nullable ServerProcess server,
        Warmup warmup,
        @Nullable ClockOffset clockOffset,
        @Nullable Leftovers before,
        boolean interrupted) {

    public static final int SCHEMA_VERSION = 1;

    public Summary {
        durationSeconds = thousandths(durationSeconds);
        warnings = List.copyOf(warnings);
        thresholds = List.copyOf(thresholds);
        causes = List.copyOf(causes);
        mixes = List.copyOf(mixes);
        reconciliation = List.copyOf(reconciliation);
    }

    /**
     * What a reader must know before believing a figure.
     *
     * @param evidence the figures that it rests on, by name; none in a file of an earlier version
     * @param invalidates whether the result is not to be believed for it
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
     * @param idleMillis how long nothing had been under way: when it happened, or when the request began that met it
     * @param exchanges requests answered before
     * @param sentBytes of the request under way
     * @param acknowledgedBytes of all bytes of the connection, what the peer's kernel acknowledged
     * @param receivedBytes of the response under way
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
    public record Http(SortedMap<String, Long> statuses) {}

    /** One member of the mix. */
    public record Mix(String name, Outcomes outcomes, Latencies latencies) {}

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

    /** The same result with the thresholds' verdicts. */
    public Summary withThresholds(List<ThresholdResult> verdicts) {
        return new Summary(
                schemaVersion,
                profile,
                startedAt,
                durationSeconds,
                seed,
                valid,
                warnings,
                verdicts,
                rates,
                outcomes,
                causes,
                mixes,
                latencies,
                http,
                tls,
                kernel,
                reconciliation,
                generator,
                server,
                warmup,
                clockOffset,
                before,
                interrupted);
    }

    /** The same result with what was found out about it. */
    public Summary withVerdict(boolean stillValid, List<Warning> found) {
        return new Summary(
                schemaVersion,
                profile,
                startedAt,
                durationSeconds,
                seed,
                stillValid,
                found,
                thresholds,
                rates,
                outcomes,
                causes,
                mixes,
                latencies,
                http,
                tls,
                kernel,
                reconciliation,
                generator,
                server,
                warmup,
                clockOffset,
                before,
                interrupted);
    }

    /** Whether every threshold was kept. */
    public boolean thresholdsKept() {
        return thresholds.stream().allMatch(ThresholdResult::passed);
    }

    public static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
