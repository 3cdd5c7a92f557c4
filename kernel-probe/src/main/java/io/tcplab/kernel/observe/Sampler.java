package io.tcplab.kernel.observe;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.Slices;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.syscall.Syscalls;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the samples of one port; belongs to the observer's thread and sees that thread's namespace. */
final class Sampler implements AutoCloseable {
    /** States that a connection passes through; the two that may hold a hundred thousand sockets are not among them. */
    private static final Set<TcpState> PASSING = passing();

    private final int port;
    private final @Nullable InetAddress target;
    private final ListenerWatch listeners;
    private final SamplingBudget budget;
    private final SockDiag diag = SockDiag.open();
    private final CounterReader counters = CounterReader.open();
    private CounterSnapshot last;
    private boolean first = true;

    Sampler(Observer.Settings settings) {
        this.port = settings.port();
        this.target = settings.target().orElse(null);
        this.listeners = new ListenerWatch(port, target);
        this.budget = new SamplingBudget(settings.share(), settings.interval().toNanos());
        this.last = counters.read();
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
        // At the first and the last look nobody is delayed who is measured.
        Slices slices = whole ? Slices.inOnePiece() : new Slices();
        List<ObservedListener> listening = listeners.look(diag, whole, slices);
        long sockets = last.sockets().all();
        boolean all = whole || budget.allowsAll(atNanos, sockets);
        Optional<PortCounts> states = Optional.empty();
        long costlyNanos = 0;
        if (all || budget.allowsPassing(atNanos, sockets)) {
            long costlyFrom = Syscalls.threadCpuNanos();
            states = Optional.of(
                    whole
                            ? diag.portCounts(port, target, SockDiag.ALL_STATES)
                            : diag.portCountsInSlices(port, target, all ? SockDiag.ALL_STATES : PASSING, slices));
            costlyNanos = Syscalls.threadCpuNanos() - costlyFrom;
            if (all) {
                budget.spentOnAll(atNanos, sockets, costlyNanos);
            } else {
                budget.spentOnPassing(atNanos, sockets, costlyNanos);
            }
        }
        slices.cut();
        // Counters last: what a connection seen above did is counted by now.
        CounterSnapshot now = counters.read();
        Map<String, Long> deltas = now.deltaSince(last);
        long othersDropped = whole && !first ? listeners.othersDroppedNow(diag) : listeners.othersDropped();
        first = false;
        last = now;
        long costNanos = Syscalls.threadCpuNanos() - begunCpuNanos;
        budget.spentOnCheap(costNanos - costlyNanos);
        return new Observation(
                atNanos, wallMillis, listening, othersDropped, now.sockets(), states, all, deltas, costNanos);
    }

    /** The counters as the last sample read them, or as they were when the sampler was made. */
    CounterSnapshot last() {
        return last;
    }

    @Override
    public void close() {
        diag.close();
        counters.close();
    }
}
