package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.rate;

import io.tcplab.loadgen.result.Summary;
import java.util.List;

/** The plan asked for more than was started. */
public record OfferedRateNotReached(double offered, double attempted, double achieved) implements RunWarning {

    static final OfferedRateNotReached EXAMPLE = new OfferedRateNotReached(5_000, 4_100, 4_090);

    private static final double TOLERANCE = 0.01;

    /** Connections to be held are offered during the ramp alone, which is not what the rates are taken over. */
    static List<RunWarning> in(Facts facts) {
        Summary.Rates rates = facts.summary().rates();
        Double offered = rates.offered();
        if (offered == null || !facts.isOpenLoop() || facts.summary().interrupted()) {
            return List.of();
        }
        return rates.attempted() < offered * (1 - TOLERANCE)
                ? List.of(new OfferedRateNotReached(offered, rates.attempted(), rates.achieved()))
                : List.of();
    }

    @Override
    public String when() {
        return "fewer connections were started than the plan offered";
    }

    @Override
    public String message() {
        return "the plan offered " + rate(offered) + " connections/s; " + rate(attempted) + "/s were attempted and "
                + rate(achieved) + "/s achieved";
    }

    @Override
    public String advice() {
        return "if attempted is low, the generator is the bottleneck; if only achieved is low, the target is: see the outcomes";
    }
}
