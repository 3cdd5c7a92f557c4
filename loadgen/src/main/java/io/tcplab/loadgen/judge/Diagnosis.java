package io.tcplab.loadgen.judge;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.plan.Figure;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tool itself says about a result: whether it is to be believed, and what stands out.
 *
 * @param valid whether the books balance and the generator was not the bottleneck of an open loop
 * @param warnings in the order of their weight
 */
public record Diagnosis(boolean valid, List<RunWarning> warnings) {

    private static final double SATURATED = 0.95;
    private static final double RATE_TOLERANCE = 0.01;
    private static final double LATE_MICROS = 10_000;

    /** Half of all starts later than this are no hiccup: the plan asks for more than the generator can start. */
    private static final double ALWAYS_LATE_MICROS = 100_000;

    private static final double QUEUEING_MICROS = 100;
    private static final double LONG_PAUSE_MILLIS = 20;

    public static Diagnosis of(Profile profile, Measurement measured, Summary summary, Environment environment) {
        List<RunWarning> warnings = new ArrayList<>();
        boolean valid = booksBalance(summary, warnings);
        valid &= nothingBroke(measured, warnings);
        valid &= !wasSaturated(profile, summary, warnings);
        rateNotReached(profile, summary, warnings);
        connectQueueing(measured, summary, warnings);
        valid &= kernelAgrees(summary, environment, warnings);
        KernelDiagnosis.add(profile, measured, summary, environment, warnings);
        gcPauses(summary, warnings);
        tooFewSamples(profile, summary, warnings);
        return new Diagnosis(valid, warnings);
    }

    private static boolean booksBalance(Summary summary, List<RunWarning> warnings) {
        if (summary.outcomes().balances()) {
            return true;
        }
        long ended = summary.outcomes().counts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        warnings.add(new RunWarning.InvariantBroken(
                "started = sum of outcomes", summary.outcomes().started(), ended));
        return false;
    }

    /** A fault of ours on one connection ends that one alone, and what it makes of the figures nobody knows. */
    private static boolean nothingBroke(Measurement measured, List<RunWarning> warnings) {
        long broken = 0;
        for (CauseTally.Counted cause : measured.causes()) {
            if (cause.cause().incident() == Incident.BROKE) {
                warnings.add(new RunWarning.InvariantBroken(cause.cause().text(), 0, cause.count()));
                broken += cause.count();
            }
        }
        return broken == 0;
    }

    /** In namespaces or containers of our own the kernel counts nothing but us: a disagreement means that somebody counts wrongly. */
    private static boolean kernelAgrees(Summary summary, Environment environment, List<RunWarning> warnings) {
        boolean agrees = true;
        boolean ours = environment.isolation().equals("netns")
                || environment.isolation().equals("docker");
        for (Reconciled check : summary.reconciliation()) {
            if (!check.agrees() && ours) {
                warnings.add(new RunWarning.InvariantBroken(check.sentence(), check.ours(), check.kernel()));
                agrees = false;
            }
        }
        return agrees;
    }

    /** In an open loop a saturated generator measures itself; a closed loop runs as fast as it can by definition. */
    private static boolean wasSaturated(Profile profile, Summary summary, List<RunWarning> warnings) {
        double busy = summary.generator().eventLoopBusy();
        Double lateness = summary.latencies().of(Metric.START_DELAY).p99Micros();
        Double usualLateness = summary.latencies().of(Metric.START_DELAY).p50Micros();
        boolean alwaysLate =
                profile.load() instanceof Load.Open && usualLateness != null && usualLateness > ALWAYS_LATE_MICROS;
        if ((busy < SATURATED && !alwaysLate) || lateness == null) {
            return false;
        }
        warnings.add(new RunWarning.GeneratorSaturated(busy, lateness));
        return profile.load() instanceof Load.Open && lateness > LATE_MICROS;
    }

    /** Connections to be held are offered during the ramp alone, which is not what the rates are taken over. */
    private static void rateNotReached(Profile profile, Summary summary, List<RunWarning> warnings) {
        Double offered = summary.rates().offered();
        if (offered != null
                && profile.load() instanceof Load.Open
                && !summary.interrupted()
                && summary.rates().attempted() < offered * (1 - RATE_TOLERANCE)) {
            warnings.add(new RunWarning.OfferedRateNotReached(
                    offered, summary.rates().attempted(), summary.rates().achieved()));
        }
    }

    /** Our connect latency far above the kernel's own round-trip time means that we measure our queue. */
    private static void connectQueueing(Measurement measured, Summary summary, List<RunWarning> warnings) {
        Double connect = summary.latencies().of(Metric.CONNECT).p50Micros();
        KernelFigures.SideFigures client = summary.kernel().client();
        // Once a SYN was sent again, the wait may be for that: the kernel's rtt leaves it out.
        if (client != null && client.counter(KernelCounter.SYN_RETRANSMITS) > 0) {
            return;
        }
        if (connect == null || measured.rtts().getTotalCount() == 0) {
            return;
        }
        double rtt = measured.rtts().getValueAtPercentile(50) / 1e3;
        if (connect - rtt > QUEUEING_MICROS && connect > 2 * rtt) {
            warnings.add(new RunWarning.ConnectQueueing(connect, rtt));
        }
    }

    private static void gcPauses(Summary summary, List<RunWarning> warnings) {
        Summary.GcPauses pauses = summary.generator().gcPauses();
        if (pauses.maxMillis() > LONG_PAUSE_MILLIS) {
            warnings.add(new RunWarning.GcPauses(pauses.count(), pauses.maxMillis(), pauses.totalMillis()));
        }
    }

    /** Only a percentile that somebody rests a threshold on is worth a warning; the table marks the others. */
    private static void tooFewSamples(Profile profile, Summary summary, List<RunWarning> warnings) {
        for (Metric metric : Metric.values()) {
            LatencyStats stats = summary.latencies().of(metric);
            for (Statistic statistic : Statistic.values()) {
                Figure figure = new Figure.Latency(null, metric, statistic);
                if (stats.isWeak(statistic)
                        && profile.thresholds().stream()
                                .anyMatch(threshold -> threshold.figure().equals(figure))) {
                    warnings.add(new RunWarning.TooFewSamples(
                            metric.key(), statistic.key(), stats.count(), statistic.samplesNeeded()));
                }
            }
        }
    }
}
