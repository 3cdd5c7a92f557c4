package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;

/** What was to observe the server's side was gone before the run was over. */
public record ObserverLost(double fromSecond) implements RunWarning {

    static final ObserverLost EXAMPLE = new ObserverLost(2.5);

    static List<RunWarning> in(Facts facts) {
        SideFigures server = facts.kernel(Side.SERVER);
        Double from = server == null ? null : server.partialFromSecond();
        return from == null ? List.of() : List.of(new ObserverLost(from));
    }

    @Override
    public String when() {
        return "the observer (`--observe`) of the server's side ended, or could not be reached, before the run was over: the side's"
                + " figures are partial";
    }

    @Override
    public String message() {
        String when =
                fromSecond <= 0 ? "before the recorded part began" : "from " + InWords.seconds(fromSecond) + " on";
        return "the observer of the server's side was gone " + when
                + ": the server's figures are partial, as they were until then, and what came after was not observed";
    }

    @Override
    public String advice() {
        return "let 'tcplab observe' or the companion live until the run has ended (--for longer than warm-up and duration"
                + " together), and run again; thresholds on the server's figures fail without it";
    }
}
