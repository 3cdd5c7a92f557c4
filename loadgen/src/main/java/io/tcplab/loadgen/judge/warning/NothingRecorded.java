package io.tcplab.loadgen.judge.warning;

import java.util.List;

/** The recorded part never began. */
public record NothingRecorded() implements RunWarning {

    static final NothingRecorded EXAMPLE = new NothingRecorded();

    static List<RunWarning> in(Facts facts) {
        return facts.measured().interrupted() && facts.mishaps().endedInWarmup() ? List.of(EXAMPLE) : List.of();
    }

    @Override
    public String when() {
        return "the run was interrupted before its warm-up was over";
    }

    @Override
    public String message() {
        return "The run was interrupted during its warm-up: nothing was recorded.";
    }

    @Override
    public String advice() {
        return "let it run longer, or shorten the warm-up";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
