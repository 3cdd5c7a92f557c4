package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.List;

/** The SYN queue was full and the kernel answered with cookies. */
public record SynCookiesSent(long sent, long received, long failed) implements RunWarning {

    static final SynCookiesSent EXAMPLE = new SynCookiesSent(171, 5, 1);

    static List<RunWarning> in(Kernels seen) {
        long sent = seen.counter(Side.SERVER, KernelCounter.SYNCOOKIES_SENT);
        // With 2 every SYN is answered by a cookie, however short the queue is (tcp_conn_request,
        // net/ipv4/tcp_input.c).
        boolean always = seen.sysctl(Side.SERVER, "net.ipv4.tcp_syncookies") == 2;
        return sent > 0 && !always && seen.mayHaveFilledItsSynQueue()
                ? List.of(new SynCookiesSent(
                        sent,
                        seen.counter(Side.SERVER, KernelCounter.SYNCOOKIES_RECEIVED),
                        seen.counter(Side.SERVER, KernelCounter.SYNCOOKIES_FAILED)))
                : List.of();
    }

    @Override
    public String when() {
        return "the SYN queue was full, and the kernel answered with cookies; not raised where the target's half-open connections"
                + " were far fewer than its queue holds: another listener's were counted then";
    }

    @Override
    public String message() {
        return "the SYN queue was full: " + count(sent) + " SYN cookies were sent, " + count(received)
                + " came back valid, " + count(failed) + " did not";
    }

    @Override
    public String advice() {
        return "cookies keep the server reachable but lose TCP options: raise the listen() backlog and"
                + " net.core.somaxconn";
    }
}
