package io.tcplab.loadgen.run;

import io.tcplab.loadgen.pace.RateCurve;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.StatusCounts;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TargetFigures;
import io.tcplab.loadgen.result.TcpInfoFigures;
import io.tcplab.loadgen.result.TlsFigures;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Puts what was measured into the words of {@code summary.json}; judges nothing. */
public final class SummaryBuilder {

    /** Ends of connections that were never established. */
    private static final Set<ConnectionOutcome> NEVER_OPEN = EnumSet.of(
            ConnectionOutcome.REFUSED,
            ConnectionOutcome.TIMED_OUT,
            ConnectionOutcome.NO_LOCAL_PORT,
            ConnectionOutcome.NO_DESCRIPTOR,
            ConnectionOutcome.UNREACHABLE,
            ConnectionOutcome.SELF_CONNECTED);

    private SummaryBuilder() {}

    static Summary build(
            Profile profile,
            List<Located> targets,
            List<TargetFigures> byTarget,
            Measurement measured,
            KernelFigures kernel,
            List<Reconciled> reconciliation,
            @Nullable ServerProcess server,
            @Nullable ClockOffset clockOffset,
            Leftovers before) {
        LedgerReading total = measured.total();
        LedgerReading inTime = measured.withinTime();
        double seconds = measured.recordedNanos() / 1e9;
        long startingNanos = startingNanos(profile, measured);
        Measured connections = new Measured(
                new Measured.Rates(
                        offered(profile, startingNanos),
                        inTime.started() / (startingNanos / 1e9),
                        inTime.outcome(ConnectionOutcome.COMPLETED) / seconds,
                        inTime.exchanges() / seconds),
                outcomes(total),
                exchanges(total),
                causes(measured),
                mixes(profile, measured),
                byTarget,
                latencies(measured.latencies().values(), measured.steps().values()),
                Measured.Http.of(measured.statuses()),
                TlsFigures.of(profile.tls(), measured.tls()),
                TcpInfoFigures.of(profile.client().tcpInfoOneIn(), measured.tcp()),
                held(profile, measured));
        Observed observed = new Observed(
                targets.size() == 1
                        ? kernel.after(
                                total.established() + measured.warmupTotal().established())
                        : kernel,
                reconciliation,
                generator(measured, total),
                server,
                new Observed.Warmup(measured.warmupTotal().started(), outcomes(measured.warmupTotal())),
                clockOffset,
                before);
        return new Summary(
                Head.of(profile.name(), Located.together(targets), measured.startedAt(), seconds, measured.seed()),
                Verdict.OPEN,
                connections,
                observed,
                measured.interrupted());
    }

    /**
     * For how long connections were started. A plan of a number of connections starts none while it waits for their last answers: the
     * last one was due by the plan, and was at most as late as the latest.
     */
    private static long startingNanos(Profile profile, Measurement measured) {
        boolean all = measured.withinTime().started() >= profile.connections();
        if (!all || !(profile.load() instanceof Load.Open open)) {
            return measured.recordedNanos();
        }
        long planned = new RateCurve(open.segments()).timeOfNanos(profile.connections());
        long late = 0;
        for (Map<Metric, Histogram> member : measured.latencies().values()) {
            Histogram delays = member.get(Metric.START_DELAY);
            late = delays == null ? late : Math.max(late, delays.getMaxValue());
        }
        return Math.min(measured.recordedNanos(), planned + Math.min(late, Long.MAX_VALUE - planned));
    }

    private static @Nullable Double offered(Profile profile, long startingNanos) {
        return switch (profile.load()) {
            case Load.Open open -> new RateCurve(open.segments()).arrivalsBy(startingNanos) / (startingNanos / 1e9);
            case Load.Hold hold -> hold.rampNanos() == 0 ? null : hold.connections() / (hold.rampNanos() / 1e9);
            case Load.Closed _, Load.Requests _ -> null;
        };
    }

    private static Measured.@Nullable Held held(Profile profile, Measurement measured) {
        if (!(profile.load() instanceof Load.Hold hold)) {
            return null;
        }
        LedgerReading inTime = measured.withinTime();
        long neverOpen = NEVER_OPEN.stream().mapToLong(inTime::outcome).sum();
        long lost = Math.max(0, inTime.ended() - neverOpen);
        long started = measured.total().started() + measured.warmupTotal().started();
        return new Measured.Held(
                hold.connections(),
                Math.max(0, inTime.established() - lost),
                lost,
                Math.max(0, started - hold.connections()));
    }

    static Outcomes outcomes(LedgerReading reading) {
        Map<ConnectionOutcome, Long> counts = new EnumMap<>(ConnectionOutcome.class);
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            counts.put(outcome, reading.outcome(outcome));
        }
        return new Outcomes(reading.started(), counts);
    }

    static Exchanges exchanges(LedgerReading reading) {
        return new Exchanges(reading.exchanges(), reading.unexpected(), reading.lost(), reading.notBegun());
    }

    private static List<Measured.Cause> causes(Measurement measured) {
        List<Measured.Cause> causes = new ArrayList<>();
        for (CauseTally.Counted cause : measured.causes()) {
            causes.add(new Measured.Cause(
                    cause.cause().text(),
                    cause.count(),
                    (cause.firstNanos() - measured.recordedFromNanos()) / 1e9,
                    (cause.lastNanos() - measured.recordedFromNanos()) / 1e9,
                    cause.cause().phase().key(),
                    cause.idleMillis(),
                    cause.exchanges(),
                    cause.sentBytes(),
                    cause.acknowledgedBytes(),
                    cause.receivedBytes(),
                    cause.ageMillis()));
        }
        return causes;
    }

    private static List<Measured.Mix> mixes(Profile profile, Measurement measured) {
        List<Measured.Mix> mixes = new ArrayList<>();
        for (MixMember member : profile.mix()) {
            mixes.add(new Measured.Mix(
                    member.name(),
                    outcomes(measured.counts().getOrDefault(member.name(), LedgerReading.ZERO)),
                    exchanges(measured.counts().getOrDefault(member.name(), LedgerReading.ZERO)),
                    latencies(
                            List.of(measured.latencies().getOrDefault(member.name(), Map.of())),
                            List.of(measured.steps().getOrDefault(member.name(), Map.of()))),
                    Measured.Http.of(measured.memberStatuses().getOrDefault(member.name(), StatusCounts.none()))));
        }
        return mixes;
    }

    static Latencies latencies(Iterable<Map<Metric, Histogram>> parts, Iterable<Map<String, Histogram>> stepParts) {
        Map<Metric, LatencyStats> stats = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            Histogram sum = LatencyRecorder.newHistogram();
            for (Map<Metric, Histogram> part : parts) {
                Histogram histogram = part.get(metric);
                if (histogram != null) {
                    sum.add(histogram);
                }
            }
            stats.put(metric, LatencyStats.of(sum));
        }
        Map<String, Histogram> steps = new LinkedHashMap<>();
        for (Map<String, Histogram> part : stepParts) {
            part.forEach((step, nanos) -> steps.computeIfAbsent(step, _ -> LatencyRecorder.newHistogram())
                    .add(nanos));
        }
        Map<String, LatencyStats> byStep = new LinkedHashMap<>();
        steps.forEach((step, nanos) -> byStep.put(step, LatencyStats.of(nanos)));
        return new Latencies(stats, byStep);
    }

    private static Observed.Generator generator(Measurement measured, LedgerReading total) {
        return new Observed.Generator(
                measured.cpuNanos() / 1e9,
                total.started() == 0 ? null : measured.cpuNanos() / 1e3 / total.started(),
                measured.busiestLoop(),
                new Observed.GcPauses(measured.gcCount(), measured.gcMillis(), measured.gcMaxMillis()));
    }
}
