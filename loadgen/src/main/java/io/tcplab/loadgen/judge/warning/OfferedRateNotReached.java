package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.rate;

import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import java.util.List;

/** The plan asked for more than was started, or than was completed. */
public record OfferedRateNotReached(double offered, double attempted, double achieved) implements RunWarning {

    static final OfferedRateNotReached EXAMPLE = new OfferedRateNotReached(5_000, 4_100, 4_090);

    private static final double TOLERANCE = 0.01;

    /** Connections to be held are offered during the ramp alone, which is not what the rates are taken over. */
    static List<RunWarning> in(Facts facts) {
        boolean ended = facts.summary().interrupted() || facts.allWereStarted();
        return facts.isOpenLoop() && !ended ? of(facts.summary()) : List.of();
    }

    /**
     * Of a run, or of a merge of which a shard did not reach its rate. What is still in progress when the recorded part ends may yet be
     * completed: only what failed is missing, however late, and taken as spread over the recorded part.
     */
    public static List<RunWarning> of(Summary result) {
        Double offered = result.rates().offered();
        return offered == null
                ? List.of()
                : judged(
                        offered,
                        result.rates(),
                        result.outcomes().errors() / Math.max(0.001, result.durationSeconds()));
    }

    private static List<RunWarning> judged(double offered, Measured.Rates rates, double failedPerSecond) {
        double least = offered * (1 - TOLERANCE);
        return rates.attempted() < least || rates.attempted() - failedPerSecond < least
                ? List.of(new OfferedRateNotReached(offered, rates.attempted(), rates.achieved()))
                : List.of();
    }

    private boolean generatorIsLate() {
        return attempted < offered * (1 - TOLERANCE);
    }

    @Override
    public String when() {
        return "more than 1% of the connections that the plan offered were not started, or failed; not where the plan has a number"
                + " of connections and all were started";
    }

    @Override
    public String message() {
        return "the plan offered " + rate(offered) + " connections/s; " + rate(attempted) + "/s were attempted and "
                + rate(achieved) + "/s achieved";
    }

    @Override
    public String advice() {
        return generatorIsLate()
                ? "fewer were attempted than offered: the generator is the bottleneck; where no other warning says why, lower"
                        + " the rate or add event loops"
                : "all were attempted, and those that failed are missing: see the outcomes and their causes";
    }
}
