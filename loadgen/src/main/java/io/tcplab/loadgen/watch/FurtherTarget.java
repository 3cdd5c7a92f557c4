package io.tcplab.loadgen.watch;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.observe.Observer;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Observes one more target of a run from the calling thread's namespace: the client's sockets to its port and, where the target is there
 * too, its listeners. The namespace's counters are the first target's observer's to read.
 */
final class FurtherTarget {

    private final InetSocketAddress target;
    private final SideRecorder client;
    private final @Nullable SideRecorder server;
    private final Observer observer;

    private FurtherTarget(InetSocketAddress target, Duration interval) {
        int port = target.getPort();
        this.target = target;
        this.client = new SideRecorder(Side.CLIENT, port);
        SideRecorder listening = Whereabouts.isHere(target) ? new SideRecorder(Side.SERVER, port) : null;
        this.server = listening;
        this.observer = Observer.start(
                new Observer.Settings(port, interval, Observer.DEFAULT_SHARE).forTarget(target.getAddress()),
                observation -> {
                    client.add(observation);
                    if (listening != null) {
                        listening.add(observation);
                    }
                });
    }

    static FurtherTarget watch(InetSocketAddress target, Duration interval) {
        return new FurtherTarget(target, interval);
    }

    InetSocketAddress target() {
        return target;
    }

    /** Whether its server is watched, in the calling thread's namespace. */
    boolean isHere() {
        return server != null;
    }

    /** Takes the last sample. */
    void finish() {
        var _ = observer.finish();
    }

    /** What was seen, once it is finished; absent = the target is on another host. */
    @Nullable
    SideFigures figures(Side side, long recordedFromNanos) {
        SideRecorder seen = side == Side.CLIENT ? client : server;
        return seen == null ? null : seen.figures(recordedFromNanos, null);
    }

    void close() {
        observer.close();
    }
}
