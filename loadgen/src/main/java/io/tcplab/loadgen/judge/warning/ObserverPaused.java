package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;

/** What observes the server's side made no observation for a second or more, and then went on. */
public record ObserverPaused(double fromSecond, double toSecond) implements RunWarning {

    static final ObserverPaused EXAMPLE = new ObserverPaused(2.1, 5.3);

    static List<RunWarning> in(Facts facts) {
        SideFigures server = facts.kernel(Side.SERVER);
        KernelFigures.Stretch unobserved = server == null ? null : server.unobserved();
        return unobserved == null
                ? List.of()
                : List.of(new ObserverPaused(unobserved.fromSecond(), unobserved.toSecond()));
    }

    @Override
    public String when() {
        return "the observer of the server's side made no observation for at least 1 s and 5 times its usual interval, and then continued:"
                + " it was stopped, or had no CPU";
    }

    @Override
    public String message() {
        return "the server's side was not observed from " + InWords.seconds(fromSecond) + " to "
                + InWords.seconds(toSecond)
                + ": its counters include that time, but peaks of the accept queue and of states may have been missed";
    }

    @Override
    public String advice() {
        return "give the observer a CPU, and run again if a peak matters";
    }
}
