package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The process that listens has no descriptor left, so that accept(2) fails with EMFILE and the queue fills; or it gives up one that it has
 * in reserve, accepts, and closes at once.
 *
 * @param queue longest queue of the listener that was seen
 */
public record ServerOutOfDescriptors(String listener, long descriptors, long limit, long queue) implements RunWarning {

    static final ServerOutOfDescriptors EXAMPLE =
            new ServerOutOfDescriptors("127.0.0.1:80 (nginx, pid 12)", 1_024, 1_024, 17);

    /** A process that holds several sockets of the target (SO_REUSEPORT) is named once, with the worst of them. */
    static List<RunWarning> in(Kernels seen) {
        Map<String, RunWarning> found = new LinkedHashMap<>();
        for (ListenerFigures each : seen.listeners()) {
            Long open = each.descriptors();
            Long limit = each.descriptorLimit();
            if (each.outOfDescriptors() && open != null && limit != null) {
                found.putIfAbsent(
                        ListenerInWords.name(each),
                        new ServerOutOfDescriptors(ListenerInWords.name(each), open, limit, each.peak()));
            }
        }
        return List.copyOf(found.values());
    }

    @Override
    public String when() {
        return "the process that listens has no descriptor left: accept() fails, and the queue fills";
    }

    @Override
    public String message() {
        return listener + " had " + count(descriptors) + " of " + count(limit)
                + " descriptors open: accept() fails with EMFILE, "
                + (queue > 0 ? "and connections stay in the queue" : "or what it takes is turned away at once");
    }

    @Override
    public String advice() {
        return "raise the server's limit of open files (RLIMIT_NOFILE: ulimit -n, LimitNOFILE=), or"
                + " find the descriptors it does not close; a longer queue does not help";
    }
}
