package io.tcplab.loadgen.judge.warning;

import java.util.List;

/** More generators of a load than CPUs of their machine; found where they join. */
public record CoresShared(String host, int generators, int cpus) implements RunWarning {

    static final CoresShared EXAMPLE = new CoresShared("node-a", 4, 2);

    /** One generator's facts are of one generator. */
    static List<RunWarning> in(Facts facts) {
        return List.of();
    }

    @Override
    public String when() {
        return "more generators of one load ran on a machine than it has CPUs";
    }

    @Override
    public String message() {
        return generators + " generators ran on one machine (" + host + ") with " + cpus
                + (cpus == 1 ? " CPU" : " CPUs") + ": they delayed each other, and latencies include that";
    }

    @Override
    public String advice() {
        return "run fewer generators there, or use more machines";
    }
}
