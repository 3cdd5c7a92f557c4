package io.tcplab.loadgen.judge.warning;

import java.util.List;

/** The generators of a load began at one moment, but their machines' wall clocks, which the timeline goes by, differ. */
public record WallClocksApart(String generator, long millis) implements RunWarning {

    static final WallClocksApart EXAMPLE = new WallClocksApart("generator 1 (node-b, process 4711)", 2_300);

    /** One generator has one clock. */
    static List<RunWarning> in(Facts facts) {
        return List.of();
    }

    @Override
    public String when() {
        return "the wall clock of a generator's machine differs from the lead's by more than half a second";
    }

    @Override
    public String message() {
        return "the wall clock of " + generator + " is " + Math.abs(millis) + " ms "
                + (millis < 0 ? "behind" : "ahead of")
                + " the lead's: its seconds are that far off in the merged timeline; start and latencies do not depend on it";
    }

    @Override
    public String advice() {
        return "set the machines' clocks (NTP)";
    }
}
