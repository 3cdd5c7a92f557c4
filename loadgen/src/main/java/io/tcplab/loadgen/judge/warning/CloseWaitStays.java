package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import java.util.ArrayList;
import java.util.List;

/** The peer has closed; this side has not. */
public record CloseWaitStays(Side side, long sockets) implements RunWarning {

    static final CloseWaitStays EXAMPLE = new CloseWaitStays(Side.SERVER, 500);

    static List<RunWarning> in(Facts facts) {
        List<RunWarning> found = new ArrayList<>();
        for (Side side : Side.values()) {
            KernelFigures.SideFigures figures = facts.kernel(side);
            Long atEnd = figures == null ? null : figures.atEnd("CLOSE_WAIT");
            if (figures == null || atEnd == null) {
                continue;
            }
            // What no accept() has taken yet no code could have closed.
            long queued = figures.listeners().stream()
                    .mapToLong(ListenerFigures::last)
                    .sum();
            if (atEnd > queued) {
                found.add(new CloseWaitStays(side, atEnd - queued));
            }
        }
        return found;
    }

    @Override
    public String when() {
        return "accepted sockets were in CLOSE_WAIT at the end: an application does not close";
    }

    @Override
    public String message() {
        return count(sockets) + " sockets of the " + side.word()
                + " were still in CLOSE_WAIT when the run ended: the peer has closed, but the application that accepted them has not";
    }

    @Override
    public String advice() {
        return "find the code that does not call close() after read() returned 0; no sysctl removes a CLOSE_WAIT";
    }
}
