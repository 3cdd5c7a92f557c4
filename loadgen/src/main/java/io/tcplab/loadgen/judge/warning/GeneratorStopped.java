package io.tcplab.loadgen.judge.warning;

import io.tcplab.loadgen.record.InWords;
import java.util.List;

/** The generator itself stood still. */
public record GeneratorStopped(double seconds, double longestSeconds) implements RunWarning {

    static final GeneratorStopped EXAMPLE = new GeneratorStopped(2.5, 2.1);

    /** A stop that takes less of the recorded part decides no percentile up to p99. */
    private static final double SHARE = 0.01;

    static List<RunWarning> in(Facts facts) {
        Facts.Mishaps mishaps = facts.mishaps();
        double share = mishaps.stalledNanos() / (double) facts.measured().recordedNanos();
        boolean matters =
                share >= SHARE || (share > 0 && facts.summary().outcomes().errors() > 0);
        return matters
                ? List.of(new GeneratorStopped(mishaps.stalledNanos() / 1e9, mishaps.longestStallNanos() / 1e9))
                : List.of();
    }

    @Override
    public String when() {
        return "the generator did not run for a part of the recorded time: it was stopped, or the machine was suspended or out of CPU";
    }

    @Override
    public String message() {
        return "The generator did not run for " + InWords.seconds(seconds) + " (" + InWords.seconds(longestSeconds)
                + " without a break): it was stopped, or the machine was suspended or out of CPU. Failures and"
                + " latencies in that time are caused by the generator.";
    }

    @Override
    public String advice() {
        return "run again without stopping the generator";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
