package io.tcplab.loadgen.judge.warning;

import java.util.List;

/** A shard's process left no result; found where the shards are waited for. */
public record ShardLost(int lost, int shards, String how) implements RunWarning {

    static final ShardLost EXAMPLE = new ShardLost(1, 4, "shard 2 ended with 137, without a message");

    /** Of one generator's facts none can be lost. */
    static List<RunWarning> in(Facts facts) {
        return List.of();
    }

    @Override
    public String when() {
        return "one of several shards (`--shards`) produced no result: the figures are those of the others";
    }

    @Override
    public String message() {
        return lost + " of " + shards + " shards produced no result: " + how
                + ". These figures are those of the others only.";
    }

    @Override
    public String advice() {
        return "run again";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
