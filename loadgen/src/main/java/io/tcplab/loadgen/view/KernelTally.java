package io.tcplab.loadgen.view;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.view.Scene.KernelLine;
import java.util.List;

/** What the kernels of both sides have shown so far. Not safe for threads: {@link RunTally} holds its lock. */
final class KernelTally {

    private final SideTally client = new SideTally();
    private final SideTally server = new SideTally();
    private boolean oneNamespace;

    /** That of a side. */
    SideTally of(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    /** Whether both are in one namespace. */
    void areOne(boolean shared) {
        oneNamespace = shared;
    }

    /** What is shown of both; {@code generates} = connections are made here, and not only watched. */
    List<KernelLine> lines(boolean generates, boolean overflowed) {
        boolean anyOverflowed = server.counter(KernelCounter.LISTEN_OVERFLOWS) > 0;
        return List.of(
                new KernelLine("accept queue", "", server.queue(), server.queueIsFull()),
                new KernelLine("  longest", "", server.queuePeak(overflowed), overflowed || server.queueWasFull()),
                new KernelLine("TIME_WAIT", client.state(TcpState.TIME_WAIT), server.state(TcpState.TIME_WAIT), false),
                counted("retransmits", KernelCounter.RETRANSMITTED_SEGMENTS),
                new KernelLine("overflows", "", server.counted(KernelCounter.LISTEN_OVERFLOWS), anyOverflowed),
                generates
                        ? new KernelLine("SYN_RECV", "", server.state(TcpState.SYN_RECV), false)
                        : new KernelLine("ESTABLISHED", "", server.state(TcpState.ESTABLISHED), false));
    }

    /** In one namespace a counter is that of both sides and of everybody else there: it is shown once, and alarms nobody. */
    private KernelLine counted(String name, KernelCounter counter) {
        boolean alarming = client.counter(counter) > 0 || server.counter(counter) > 0;
        return oneNamespace
                ? new KernelLine(name + ", all", "", server.counted(counter), false)
                : new KernelLine(name, client.counted(counter), server.counted(counter), alarming);
    }
}
