package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;

/**
 * The peer has closed; this side has not.
 *
 * @param before how many of them at the most were there when observing began
 * @param program the server's, with its pid; empty where it is not known, or where several programs listen
 */
public record CloseWaitStays(Side side, long sockets, long before, String program) implements RunWarning {

    static final CloseWaitStays EXAMPLE = new CloseWaitStays(Side.SERVER, 500, 0, "python3, pid 12");

    static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        for (Side side : Side.values()) {
            SideFigures figures = seen.kernel(side);
            Long atEnd = figures == null ? null : figures.atEnd("CLOSE_WAIT");
            if (figures == null || atEnd == null) {
                continue;
            }
            // What no accept() has taken yet no code could have closed.
            long queued = figures.listeners().stream()
                    .mapToLong(ListenerFigures::queuedAtEnd)
                    .sum();
            if (atEnd > queued) {
                long before = Math.min(figures.statesBefore().getOrDefault("CLOSE_WAIT", 0L), atEnd - queued);
                found.add(
                        new CloseWaitStays(side, atEnd - queued, before, side == Side.SERVER ? program(figures) : ""));
            }
        }
        return found;
    }

    private static String program(SideFigures server) {
        List<String> programs = server.listeners().stream()
                .map(each -> each.pid() == null ? "" : each.program() + ", pid " + each.pid())
                .distinct()
                .toList();
        return programs.size() == 1 ? programs.getFirst() : "";
    }

    @Override
    public String when() {
        return "accepted sockets were in CLOSE_WAIT at the end: an application does not close";
    }

    @Override
    public String message() {
        return count(sockets) + " sockets of the " + side.word() + (program.isEmpty() ? "" : " (" + program + ")")
                + " were still in CLOSE_WAIT at the end"
                + (before == 0 ? "" : ", " + count(before) + " of them already when observing began")
                + ": the peer has closed, but "
                + (side == Side.SERVER
                        ? "the application that accepted them has not"
                        : "a program on the client's side has not");
    }

    @Override
    public String advice() {
        return "find the code that does not call close() after read() returned 0, or what keeps it from reading for so long: connections"
                + " that wait for a free worker look alike; no sysctl removes a CLOSE_WAIT";
    }
}
