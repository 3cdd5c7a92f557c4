package io.tcplab.loadgen.watch;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.TargetListeners;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** Whether a target is in the calling thread's namespace, as far as it can be known before a load and after it. */
public final class Whereabouts {

    private Whereabouts() {}

    /**
     * Whether a target seems to be in the calling thread's namespace, so that its listeners and counters can be seen: on loopback, or on an
     * address of this host where somebody listens. Behind a translation of addresses it is elsewhere all the same: what was seen then
     * shows it.
     */
    public static boolean isHere(InetSocketAddress target) {
        if (target.getAddress().isLoopbackAddress()) {
            return true;
        }
        if (!OwnAddresses.has(target.getAddress())) {
            return false;
        }
        try (SockDiag diag = SockDiag.open()) {
            return !TargetListeners.of(diag.listeners(target.getPort()), target.getAddress())
                    .isEmpty();
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** Whether nobody listened here, and connections were established all the same: each that fails is counted (Tcp.AttemptFails). */
    static boolean othersAnswered(SideFigures figures) {
        long established = figures.counter(KernelCounter.ACTIVE_OPENS) - figures.counter(KernelCounter.ATTEMPT_FAILS);
        return figures.listeners().isEmpty() && 2 * figures.counter(KernelCounter.PASSIVE_OPENS) < established;
    }

    /** Whether a server's side took neither a connection nor a handshake, though there were some. */
    static boolean tookNothing(SideFigures figures) {
        return figures.peakStates().keySet().stream().allMatch(TcpState.LISTEN.name()::equals)
                && 2 * figures.counter(KernelCounter.PASSIVE_OPENS) < figures.counter(KernelCounter.ACTIVE_OPENS);
    }
}
