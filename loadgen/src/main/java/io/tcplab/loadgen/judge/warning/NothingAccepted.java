package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.plain;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connections waited in the accept queue and the server took none.
 *
 * @param listener the one of several in whose queue they waited; absent where the target has one, or they waited in more
 */
public record NothingAccepted(
        double fromSecond, double toSecond, @Nullable String listener) implements RunWarning {

    static final NothingAccepted EXAMPLE = new NothingAccepted(2.3, 5.3, null);

    static List<RunWarning> in(Kernels seen) {
        KernelFigures.SideFigures server = seen.kernel(Side.SERVER);
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        KernelFigures.Stretch pause = queue == null ? null : queue.nothingAccepted();
        // What came before is the warm-up's.
        return pause == null || pause.toSecond() <= 0
                ? List.of()
                : List.of(new NothingAccepted(Math.max(0, pause.fromSecond()), pause.toSecond(), pause.listener()));
    }

    @Override
    public String when() {
        return "for a second or more connections waited in the accept queue and none was accepted";
    }

    @Override
    public String message() {
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
