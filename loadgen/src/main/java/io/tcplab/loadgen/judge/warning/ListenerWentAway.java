package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.loadgen.watch.ListenerFigures;
import java.util.List;
import java.util.Objects;

/** A listening socket was closed with connections in its queue: the kernel resets them (inet_csk_listen_stop()). */
public record ListenerWentAway(String listener, double second, long queued) implements RunWarning {

    static final ListenerWentAway EXAMPLE = new ListenerWentAway("127.0.0.1:80 (nginx, pid 12)", 2.04, 110);

    static List<RunWarning> in(Kernels seen) {
        return seen.listeners().stream()
                .filter(each -> each.goneAtSecond() != null && each.last() > 0)
                .<RunWarning>map(ListenerWentAway::of)
                .toList();
    }

    private static ListenerWentAway of(ListenerFigures each) {
        return new ListenerWentAway(each.name(), Objects.requireNonNull(each.goneAtSecond()), each.last());
    }

    @Override
    public String when() {
        return "a listener of the target was closed while connections waited in its queue: the kernel reset them";
    }

    @Override
    public String message() {
        return listener + " stopped listening at " + seconds(second) + " with " + count(queued)
                + " connections in its queue when last seen: the kernel resets those";
    }

    @Override
    public String advice() {
        return "accept what is in the queue before the socket is closed; with SO_REUSEPORT, net.ipv4.tcp_migrate_req=1 hands"
                + " the queue to another listener";
    }
}
