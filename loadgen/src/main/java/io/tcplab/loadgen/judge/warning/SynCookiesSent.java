package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.List;

/**
 * The SYN queue was full and the kernel answered with cookies.
 *
 * @param sent SYN/ACKs with a cookie, one for each SYN that found no place
 * @param received ACKs with a valid cookie: a client sends its ACK again while the accept queue is full
 * @param failed ACKs without a valid one
 * @param halfOpenPeak most half-open connections of the target that were seen
 * @param limit of its SYN queue, the shortest of several listeners'; {@link Facts#UNKNOWN} where it is not known
 * @param apart whether the server's side has a network namespace of its own, so that the counters are not the client's too
 */
public record SynCookiesSent(long sent, long received, long failed, long halfOpenPeak, long limit, boolean apart)
        implements RunWarning {

    static final SynCookiesSent EXAMPLE = new SynCookiesSent(171, 5, 1, 128, 128, true);

    static List<RunWarning> in(Kernels seen) {
        long sent = seen.counter(Side.SERVER, KernelCounter.SYNCOOKIES_SENT);
        // With 2 every SYN is answered by a cookie, however short the queue is (tcp_conn_request,
        // net/ipv4/tcp_input.c).
        boolean always = seen.sysctl(Side.SERVER, "net.ipv4.tcp_syncookies") == 2;
        return sent > 0 && !always && seen.mayHaveFilledItsSynQueue()
                ? List.of(new SynCookiesSent(
                        sent,
                        seen.counter(Side.SERVER, KernelCounter.SYNCOOKIES_RECEIVED),
                        seen.counter(Side.SERVER, KernelCounter.SYNCOOKIES_FAILED),
                        seen.halfOpenPeak(),
                        seen.synQueueLimit(),
                        seen.scope() == Kernels.Scope.APART))
                : List.of();
    }

    /** A listen() backlog of 0 leaves no place for any, or one in newer kernels ({@code inet_csk_reqsk_queue_is_full}). */
    private boolean holdsOneAtMost() {
        return limit == 0;
    }

    /** What few return is a flood, or its answers do not arrive. */
    private boolean mostWereLeft() {
        return 2 * received < sent;
    }

    @Override
    public String when() {
        return "the SYN queue was full, and the kernel answered with cookies; not raised where the target's half-open connections"
                + " were far fewer than its queue holds: another listener's were counted then";
    }

    @Override
    public String message() {
        String whose = holdsOneAtMost()
                ? "the target's listen() backlog is 0, so that its SYN queue holds one at most: "
                : !apart && limit != Facts.UNKNOWN && halfOpenPeak < limit
                        ? "a SYN queue of this network namespace was full, perhaps not the target's ("
                                + count(halfOpenPeak) + " half-open connections at most were seen of a limit of "
                                + count(limit) + "): "
                        : "the SYN queue was full: ";
        return whose + count(sent) + (sent == 1 ? " SYN was" : " SYNs were") + " answered by a SYN cookie, "
                + (received == 0
                        ? "none came back"
                        : count(received) + (received == 1 ? " ACK" : " ACKs") + " brought one back")
                + (failed == 0 ? "" : ", " + count(failed) + " had none that is valid");
    }

    @Override
    public String advice() {
        return mostWereLeft()
                ? "most handshakes were not completed: find out who sends SYNs and does not answer (a SYN flood, a port scan), or"
                        + " whether the SYN/ACKs arrive; a longer queue is filled by these as well"
                : "cookies keep the server reachable, with a coarser MSS and, without TCP timestamps, without window scaling and"
                        + " SACK: raise the listen() backlog and net.core.somaxconn";
    }
}
