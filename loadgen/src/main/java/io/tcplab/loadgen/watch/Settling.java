package io.tcplab.loadgen.watch;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.StateCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits, when the load is over, until its connections have passed through their last states, so that the last look shows what stays.
 *
 * @param ports those of the targets
 * @param serverNamespace where the server is; absent = in the calling thread's own
 */
record Settling(List<Integer> ports, @Nullable NetworkNamespace serverNamespace) {

    private static final long SETTLE_NANOS = 500_000_000;
    private static final long LOOK_AGAIN_MILLIS = 5;

    /** States that a connection passes through on its way out. */
    private static final Set<TcpState> PASSING = EnumSet.of(
            TcpState.ESTABLISHED,
            TcpState.SYN_SENT,
            TcpState.SYN_RECV,
            TcpState.FIN_WAIT1,
            TcpState.FIN_WAIT2,
            TcpState.LAST_ACK,
            TcpState.CLOSING,
            TcpState.CLOSE_WAIT);

    /** What has not moved for a while is what stays: a leak on purpose, or a peer that does not close. */
    void await() {
        long end = System.nanoTime() + SETTLE_NANOS;
        long unchangedSince = System.nanoTime();
        int before = -1;
        while (System.nanoTime() < end) {
            int passing = passing();
            if (passing == 0 || (passing == before && System.nanoTime() - unchangedSince > SETTLE_NANOS / 3)) {
                return;
            }
            if (passing != before) {
                before = passing;
                unchangedSince = System.nanoTime();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private int passing() {
        int here = count();
        if (serverNamespace == null) {
            return here;
        }
        try {
            return here + serverNamespace.call(this::count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the server's namespace cannot be read", e);
        }
    }

    private int count() {
        try (SockDiag diag = SockDiag.open()) {
            int all = 0;
            for (int port : ports) {
                PortCounts counts = diag.portCounts(port, PASSING);
                all += total(counts.client()) + total(counts.server());
            }
            return all;
        }
    }

    private static int total(StateCounts counts) {
        return counts.total() - counts.count(TcpState.LISTEN);
    }
}
