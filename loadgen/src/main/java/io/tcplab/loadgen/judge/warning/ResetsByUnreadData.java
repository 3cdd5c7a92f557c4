package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.ArrayList;
import java.util.List;

/** close(2) with unread bytes sends an RST in place of the FIN (RFC 2525 §2.17; __tcp_close, net/ipv4/tcp.c). */
public record ResetsByUnreadData(String whose, long resets) implements RunWarning {

    static final ResetsByUnreadData EXAMPLE = new ResetsByUnreadData("the server", 23);

    private static final String ONE_OF_BOTH =
            "one of the two sides (they share a network namespace, and perhaps other programs do)";

    /**
     * Where both sides are one namespace its counter is the same for both, and says of neither that it was the one; but an RST that a
     * connection of ours has seen was its peer's.
     */
    static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        boolean bothSeen = seen.kernel(Side.CLIENT) != null && seen.kernel(Side.SERVER) != null;
        if (bothSeen && seen.scope() == Kernels.Scope.SHARED) {
            boolean peers = seen.resetsSeen() >= seen.counter(Side.SERVER, KernelCounter.ABORTS_ON_CLOSE);
            add(peers ? "the server" : ONE_OF_BOTH, Side.CLIENT, seen, found);
            return found;
        }
        add("the client", Side.CLIENT, seen, found);
        boolean anybody = seen.scope() == Kernels.Scope.ANYBODY;
        add(
                anybody ? "a program of this network namespace (perhaps not the server)" : "the server",
                Side.SERVER,
                seen,
                found);
        return found;
    }

    private static void add(String whose, Side side, Kernels seen, List<RunWarning> found) {
        boolean isClients = side == Side.CLIENT;
        long resets = seen.counter(side, KernelCounter.ABORTS_ON_CLOSE)
                - seen.explainedAborts()
                - (isClients ? seen.ownAborts() : 0);
        if (resets > 0) {
            found.add(new ResetsByUnreadData(whose, resets));
        }
    }

    @Override
    public String when() {
        return "close() with unread data sent an RST in place of a FIN; in a shared network namespace the counter does not show"
                + " which side did";
    }

    @Override
    public String message() {
        return whose + " reset " + count(resets) + " connections by closing them with unread data"
                + " (TCPAbortOnClose)";
    }

    @Override
    public String advice() {
        return "read until EOF before close(), or call shutdown(SHUT_WR) and drain first:"
                + " the reset can destroy data that the peer has not read yet";
    }
}
