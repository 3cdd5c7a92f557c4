package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.plain;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connections waited in the accept queue and the server took none.
 *
 * @param listener the one of several in whose queue they waited; absent where the target has one, or they waited in more
 * @param inode of its socket; absent where others may have accepted nothing either
 * @param waiting connections that were in its queue at the end of that time; absent likewise
 */
public record NothingAccepted(
        double fromSecond,
        double toSecond,
        @Nullable String listener,
        @Nullable Long inode,
        @Nullable Long waiting) implements RunWarning {

    static final NothingAccepted EXAMPLE = new NothingAccepted(2.3, 5.3, null);

    NothingAccepted(double fromSecond, double toSecond, @Nullable String listener) {
        this(fromSecond, toSecond, listener, null, null);
    }

    static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        SideFigures server = seen.kernel(Side.SERVER);
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        KernelFigures.Stretch pause = queue == null ? null : queue.nothingAccepted();
        // What came before is the warm-up's.
        KernelFigures.Stretch rest = pause == null || pause.toSecond() <= 0 ? null : pause;
        for (ListenerFigures each : seen.listeners()) {
            ListenerFigures.Stall stall = each.nothingAccepted();
            if (stall != null && stall.toSecond() > 0) {
                found.add(new NothingAccepted(
                        Math.max(0, stall.fromSecond()),
                        stall.toSecond(),
                        ListenerInWords.name(each),
                        each.inode(),
                        stall.waiting()));
                rest = rest != null && Objects.equals(rest.listener(), ListenerInWords.name(each)) ? null : rest;
            }
        }
        if (rest != null) {
            found.addFirst(new NothingAccepted(Math.max(0, rest.fromSecond()), rest.toSecond(), rest.listener()));
        }
        return found;
    }

    @Override
    public String when() {
        return "for a second or more connections waited in the accept queue and none was accepted; of several listeners of an address"
                + " (SO_REUSEPORT) also where one alone accepted next to nothing: its queue only grew, by about its share of what came";
    }

    @Override
    public String message() {
        if (waiting != null) {
            return "next to nothing was accepted at " + listener + ", socket " + inode + ", from " + plain(fromSecond)
                    + " s to "
                    + seconds(toSecond) + ": its accept queue only grew, to " + count(waiting)
                    + (waiting == 1 ? " connection" : " connections")
                    + ", while other listeners of the address accepted theirs";
        }
        return "nothing was accepted " + (listener == null ? "" : "at " + listener + " ") + "from " + plain(fromSecond)
                + " s to "
                + seconds(toSecond) + ", while connections waited in "
                + (listener == null ? "the accept queue" : "its accept queue, and in no other listener's");
    }

    @Override
    public String advice() {
        return "find out what stopped " + (listener == null ? "the server" : "that worker")
                + " then: a garbage collection, a lock, a full disk, a fork, or no descriptor left";
    }
}
