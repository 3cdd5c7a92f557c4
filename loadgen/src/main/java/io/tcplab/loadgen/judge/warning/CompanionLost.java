package io.tcplab.loadgen.judge.warning;

import java.util.List;

/** The companion did not live until the end of the run. */
public record CompanionLost() implements RunWarning {

    static final CompanionLost EXAMPLE = new CompanionLost();

    static List<RunWarning> in(Facts facts) {
        return facts.mishaps().companionLost() ? List.of(EXAMPLE) : List.of();
    }

    @Override
    public String when() {
        return "the companion that the run started exited before the run was over";
    }

    @Override
    public String message() {
        return "The companion exited during the run: it was killed or crashed. Its counts are lost.";
    }

    @Override
    public String advice() {
        return "check its last messages on stderr and the kernel's log for the OOM killer, then run again";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
