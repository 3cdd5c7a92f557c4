package io.tcplab.loadgen.view;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.view.Scene.Gauge;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's port second by second, where nothing but its kernel is seen. For one thread at a time. */
final class PortTally {

    private final Series queue = new Series();
    private final Series established = new Series();
    private final Series timeWait = new Series();
    private final Series overflows = new Series();
    private long second;
    private double longestQueue;
    private double overflowed;
    private double establishedNow;
    private double timeWaitNow;
    private @Nullable Double limit;

    void add(double atSecond, TimelineRow.Kernel kernel) {
        while (second < (long) atSecond) {
            queue.add(longestQueue);
            established.add(establishedNow);
            timeWait.add(timeWaitNow);
            overflows.add(overflowed);
            longestQueue = 0;
            overflowed = 0;
            second++;
        }
        Long length = kernel.acceptQueueLength();
        longestQueue = Math.max(longestQueue, length == null ? 0 : length);
        Long most = kernel.acceptQueueLimit();
        limit = most == null ? null : (double) most;
        overflowed += kernel.counters().getOrDefault(KernelCounter.LISTEN_OVERFLOWS.kernelName(), 0L);
        establishedNow = kernel.states().getOrDefault(TcpState.ESTABLISHED.name(), (long) establishedNow);
        timeWaitNow = kernel.states().getOrDefault(TcpState.TIME_WAIT.name(), (long) timeWaitNow);
    }

    List<Gauge> gauges() {
        Double most = limit;
        return List.of(
                new Gauge(
                        "accept queue",
                        queue.newest(),
                        most,
                        most != null && queue.newest() >= Math.max(1, most),
                        queue.copy()),
                new Gauge("ESTABLISHED", established.newest(), null, false, established.copy()),
                new Gauge("TIME_WAIT", timeWait.newest(), null, false, timeWait.copy()),
                new Gauge("overflows/s", overflows.newest(), null, overflows.newest() > 0, overflows.copy()));
    }
}
