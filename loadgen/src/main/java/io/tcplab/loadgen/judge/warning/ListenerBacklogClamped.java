package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;

/** listen(2) silently cut the companion's backlog down. */
public record ListenerBacklogClamped(long backlog, long granted, long somaxconn) implements RunWarning {

    static final ListenerBacklogClamped EXAMPLE = new ListenerBacklogClamped(65_535, 4_096, 4_096);

    static List<RunWarning> in(Facts facts) {
        SideFigures server = facts.kernel(Side.SERVER);
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        long backlog = facts.profile().server().companion().backlog();
        if (!facts.profile().startsCompanion() || queue == null || queue.limit() >= backlog) {
            return List.of();
        }
        long somaxconn = facts.environment().server() == null ? queue.limit() : facts.limit(Side.SERVER, "somaxconn");
        return List.of(new ListenerBacklogClamped(backlog, queue.limit(), somaxconn));
    }

    @Override
    public String when() {
        return "somaxconn cut the companion's backlog down";
    }

    @Override
    public String message() {
        return "listen() requested a backlog of " + count(backlog) + " and the kernel granted " + count(granted)
                + ": net.core.somaxconn is " + count(somaxconn);
    }

    @Override
    public String advice() {
        return "raise net.core.somaxconn before the server calls listen(), the only time it is read";
    }
}
