package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.plain;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.List;

/** Connections waited in the accept queue and the server took none. */
public record NothingAccepted(double fromSecond, double toSecond) implements RunWarning {

    static final NothingAccepted EXAMPLE = new NothingAccepted(2.3, 5.3);

    static List<RunWarning> in(Kernels seen) {
        KernelFigures.SideFigures server = seen.kernel(Side.SERVER);
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        KernelFigures.Stretch pause = queue == null ? null : queue.nothingAccepted();
        // What came before is the warm-up's.
        return pause == null || pause.toSecond() <= 0
                ? List.of()
                : List.of(new NothingAccepted(Math.max(0, pause.fromSecond()), pause.toSecond()));
    }

    @Override
    public String when() {
        return "for a second or more connections waited in the accept queue and none was accepted";
    }

    @Override
    public String message() {
        return "nothing was accepted from " + plain(fromSecond) + " s to " + seconds(toSecond)
                + ", while connections waited in the accept queue";
    }

    @Override
    public String advice() {
        return "find out what stopped the server then: a garbage collection, a lock, a full disk, a fork, or no descriptor left";
    }
}
