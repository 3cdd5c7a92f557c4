package io.tcplab.loadgen.judge.warning;

import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The process that listens was stopped by a signal or a debugger. */
public record ServerStopped(String listener, int stopped, int processes) implements RunWarning {

    static final ServerStopped EXAMPLE = new ServerStopped("127.0.0.1:80 (nginx, pid 12)", 1, 3);

    /** Processes that hold several sockets of the target (SO_REUSEPORT) are named once. */
    static List<RunWarning> in(Kernels seen) {
        Set<RunWarning> found = new LinkedHashSet<>();
        for (ListenerFigures each : seen.listeners()) {
            Integer stopped = each.stopped();
            Integer processes = each.processes();
            if (stopped != null && stopped > 0 && processes != null) {
                // Some of those that were stopped may have ended since.
                found.add(new ServerStopped(ListenerInWords.name(each), stopped, Math.max(stopped, processes)));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public String when() {
        return "a process that listens was stopped by a signal or a debugger";
    }

    @Override
    public String message() {
        return processes == 1
                ? listener + " was stopped (SIGSTOP or a debugger): it accepts nothing as long"
                : stopped + " of " + processes + " processes that listen at " + listener
                        + (stopped == 1 ? " was" : " were") + " stopped (SIGSTOP or a debugger)"
                        + (stopped == processes ? ": they accept nothing as long" : "");
    }

    @Override
    public String advice() {
        return "resume it (kill -CONT PID) or detach the debugger, then run again";
    }
}
