package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Summary;
import java.util.List;

/**
 * The generator was the bottleneck. In an open loop it then measures itself; a closed loop runs as fast as it can by definition.
 *
 * @param openLoopIsLate whether an open loop started connections so late that its latencies are its own
 * @param searchesPorts whether its time went into the kernel's search for free local ports
 */
public record GeneratorSaturated(
        double eventLoopBusy, double startDelayP99Micros, boolean openLoopIsLate, boolean searchesPorts)
        implements RunWarning {

    static final GeneratorSaturated EXAMPLE = new GeneratorSaturated(0.97, 20_490, true, false);

    private static final double SATURATED = 0.95;
    private static final double LATE_MICROS = 10_000;

    /** Half of all starts later than this are no hiccup: the plan asks for more than the generator can start. */
    private static final double ALWAYS_LATE_MICROS = 100_000;

    /** An open loop that started less than this share of what was offered has not kept up. */
    private static final double KEPT_UP = 0.95;

    static List<RunWarning> in(Facts facts) {
        double busy = facts.summary().generator().eventLoopBusy();
        LatencyStats delay = facts.summary().latencies().of(Metric.START_DELAY);
        Double lateness = delay.p99Micros();
        Double usualLateness = delay.p50Micros();
        boolean alwaysLate = facts.isOpenLoop()
                && usualLateness != null
                && (usualLateness > ALWAYS_LATE_MICROS || (usualLateness > LATE_MICROS && leftStartsOut(facts)));
        if ((busy < SATURATED && !alwaysLate) || lateness == null) {
            return List.of();
        }
        return List.of(new GeneratorSaturated(
                busy, lateness, facts.isOpenLoop() && lateness > LATE_MICROS, PortSearchCliff.explains(facts)));
    }

    /** A loop that is too far behind leaves starts out, so that the delay of those that it makes stays bounded. */
    private static boolean leftStartsOut(Facts facts) {
        Summary summary = facts.summary();
        Double offered = summary.rates().offered();
        boolean ended = summary.interrupted() || facts.allWereStarted();
        return offered != null && !ended && summary.rates().attempted() < KEPT_UP * offered;
    }

    /** Whether it was found in this result. */
    public static boolean isIn(Summary summary) {
        return summary.warnings().stream()
                .anyMatch(warning -> warning.code().equals(RunWarning.codeOf(GeneratorSaturated.class)));
    }

    @Override
    public String when() {
        return "the generator was the bottleneck: its loops had no time left, or half of an open loop's connections started more"
                + " than 100 ms late, or more than 10 ms late with over 5% not started at all";
    }

    @Override
    public String message() {
        return "the generator was saturated: its busiest event loop was busy " + percent(eventLoopBusy)
                + " of the time and started connections " + micros(startDelayP99Micros) + " late (p99)";
    }

    @Override
    public String advice() {
        return searchesPorts
                ? "its time went into the kernel's search for free local ports: see portSearchCliff; more event loops do not help"
                : "lower the rate, add event loops (client.eventLoops) or run several generators and merge them";
    }

    @Override
    public boolean invalidates() {
        return openLoopIsLate;
    }
}
