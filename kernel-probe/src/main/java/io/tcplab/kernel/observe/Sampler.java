package io.tcplab.kernel.observe;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.syscall.Syscalls;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Takes the samples of one port; belongs to the observer's thread and sees that thread's namespace. */
final class Sampler implements AutoCloseable {
    /** States that a connection passes through; the two that may hold a hundred thousand sockets are not among them. */
    private static final Set<TcpState> PASSING = passing();

    private final int port;
    private final SamplingBudget budget;
    private final SockDiag diag = SockDiag.open();
    private final CounterSnapshot first;
    private CounterSnapshot last;

    Sampler(Observer.Settings settings) {
        this.port = settings.port();
        this.budget = new SamplingBudget(settings.share(), settings.interval().toNanos());
        this.first = CounterSnapshot.read();
        this.last = first;
    }

    private static Set<TcpState> passing() {
        EnumSet<TcpState> states = EnumSet.copyOf(SockDiag.ALL_STATES);
        states.remove(TcpState.ESTABLISHED);
        states.remove(TcpState.TIME_WAIT);
        return Set.copyOf(states);
    }

    /** One sample; {@code whole} takes all states whatever it costs. */
    Observation sample(boolean whole) {
        long atNanos = System.nanoTime();
        long wallMillis = System.currentTimeMillis();
        long begunCpuNanos = Syscalls.threadCpuNanos();
        List<ListenerReading> listeners = diag.listeners(port);
        boolean all = whole || budget.allowsAll(atNanos);
        long costlyFrom = Syscalls.threadCpuNanos();
        Optional<PortCounts> states = all ? Optional.of(all(atNanos)) : passing(atNanos);
        long costlyNanos = Syscalls.threadCpuNanos() - costlyFrom;
        // Counters last: what a connection seen above did is counted by now.
        CounterSnapshot now = CounterSnapshot.read();
        Map<String, Long> deltas = now.deltaSince(last);
        last = now;
        long costNanos = Syscalls.threadCpuNanos() - begunCpuNanos;
        budget.spentOnCheap(costNanos - costlyNanos);
        return new Observation(
                atNanos,
                wallMillis,
                sum(listeners, ListenerReading::acceptQueueLength),
                sum(listeners, ListenerReading::acceptQueueLimit),
                sum(listeners, ListenerReading::drops),
                now.sockets(),
                states,
                all,
                deltas,
                costNanos);
    }

    /** What moved since the sampler was made. */
    Map<String, Long> sinceStart() {
        return last.deltaSince(first);
    }

    private PortCounts all(long nowNanos) {
        long cpuNanos = Syscalls.threadCpuNanos();
        PortCounts counts = diag.portCounts(port);
        budget.spentOnAll(nowNanos, Syscalls.threadCpuNanos() - cpuNanos);
        return counts;
    }

    private Optional<PortCounts> passing(long nowNanos) {
        if (!budget.allowsPassing(nowNanos)) {
            return Optional.empty();
        }
        long cpuNanos = Syscalls.threadCpuNanos();
        PortCounts counts = diag.portCounts(port, PASSING);
        budget.spentOnPassing(nowNanos, Syscalls.threadCpuNanos() - cpuNanos);
        return Optional.of(counts);
    }

    /** The sum, or UNKNOWN if one of them is. */
    private static long sum(List<ListenerReading> listeners, ToLongFunction<ListenerReading> figure) {
        long sum = 0;
        for (ListenerReading listener : listeners) {
            long value = figure.applyAsLong(listener);
            if (value == ListenerReading.UNKNOWN) {
                return ListenerReading.UNKNOWN;
            }
            sum += value;
        }
        return sum;
    }

    @Override
    public void close() {
        diag.close();
    }
}
