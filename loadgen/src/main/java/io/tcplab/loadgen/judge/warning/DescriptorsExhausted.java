package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.util.List;

/** EMFILE or ENFILE in the generator. */
public record DescriptorsExhausted(long failures, long limit) implements RunWarning {

    static final DescriptorsExhausted EXAMPLE = new DescriptorsExhausted(12, 20_000);

    static List<RunWarning> in(Facts facts) {
        long failures = facts.count(ConnectionOutcome.NO_DESCRIPTOR);
        return failures > 0
                ? List.of(new DescriptorsExhausted(failures, facts.limit(Side.CLIENT, "openFilesSoft")))
                : List.of();
    }

    @Override
    public String when() {
        return "connects found no file descriptor (EMFILE)";
    }

    @Override
    public String message() {
        return count(failures) + " connects found no file descriptor (EMFILE) under a limit of " + count(limit);
    }

    @Override
    public String advice() {
        return "raise the limit of open files (ulimit -n), hold fewer connections, or run several generators";
    }
}
