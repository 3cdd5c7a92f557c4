package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.plain;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket was closed during the run: the kernel resets what was in its queue (inet_csk_listen_stop()), and refuses what comes
 * until another one listens.
 *
 * @param refused connections of ours that were refused from then on; 0 = none, or not known
 * @param refusedFromSecond when the first was, in seconds since the recorded part began; absent = none was
 * @param refusedToSecond when the last was
 */
public record ListenerWentAway(
        String listener,
        double second,
        long queued,
        long refused,
        @Nullable Double refusedFromSecond,
        @Nullable Double refusedToSecond)
        implements RunWarning {

    static final ListenerWentAway EXAMPLE =
            new ListenerWentAway("127.0.0.1:80 (nginx, pid 12)", 2.04, 110, 31, 2.051, 3.12);

    /** Whether it is gone shows at the next look, a tenth of a second later or more on a busy machine. */
    private static final double LOOK_SECONDS = 0.5;

    static List<RunWarning> in(Kernels seen) {
        return seen.listeners().stream()
                .filter(each -> each.goneAtSecond() != null && each.last() > 0)
                .<RunWarning>map(each -> of(each, null))
                .toList();
    }

    /** Of a server that the run does not stop by its own plan, also where its queue was empty: connections were refused meanwhile. */
    static List<RunWarning> in(Facts facts) {
        boolean planned =
                facts.profile().target() == null || !facts.profile().actions().isEmpty();
        Refusals refusals = planned ? null : Refusals.of(facts);
        return facts.kernels().listeners().stream()
                .filter(each -> each.goneAtSecond() != null)
                .filter(each -> each.last() > 0 || (refusals != null && refusals.follow(each.goneAtSecond())))
                .<RunWarning>map(
                        each -> of(each, refusals != null && refusals.follow(each.goneAtSecond()) ? refusals : null))
                .toList();
    }

    private static ListenerWentAway of(ListenerFigures each, @Nullable Refusals refusals) {
        double second = Objects.requireNonNull(each.goneAtSecond());
        return refusals == null
                ? new ListenerWentAway(ListenerInWords.name(each), second, each.last(), 0, null, null)
                : new ListenerWentAway(
                        ListenerInWords.name(each), second, each.last(), refusals.count, refusals.from, refusals.to);
    }

    /** Connects that were refused, in seconds since the recorded part began. */
    private record Refusals(long count, double from, double to) {

        static @Nullable Refusals of(Facts facts) {
            List<CauseTally.Counted> refused = facts.measured().causes().stream()
                    .filter(each -> each.cause().is("connect", Errno.ECONNREFUSED))
                    .toList();
            long count = refused.stream().mapToLong(CauseTally.Counted::count).sum();
            long first = refused.stream()
                    .mapToLong(CauseTally.Counted::firstNanos)
                    .min()
                    .orElse(0);
            long last = refused.stream()
                    .mapToLong(CauseTally.Counted::lastNanos)
                    .max()
                    .orElse(0);
            return count == 0 ? null : new Refusals(count, second(facts, first), second(facts, last));
        }

        private static double second(Facts facts, long nanos) {
            return Math.round((nanos - facts.measured().recordedFromNanos()) / 1e6) / 1e3;
        }

        /** Whether they began about when the listener went; those of before have another cause. */
        boolean follow(@Nullable Double goneAtSecond) {
            return goneAtSecond != null && from >= goneAtSecond - LOOK_SECONDS;
        }
    }

    @Override
    public String when() {
        return "a listener of the target was closed while connections waited in its queue, which the kernel reset, or while others came,"
                + " which it refused";
    }

    @Override
    public String message() {
        String lost = listener + " stopped listening at " + seconds(second)
                + (queued == 0
                        ? ""
                        : " with " + count(queued) + (queued == 1 ? " connection" : " connections")
                                + " in its queue when last seen: the kernel resets those");
        return refusedFromSecond == null || refusedToSecond == null
                ? lost
                : lost + "; " + count(refused) + (refused == 1 ? " connect was" : " connects were") + " refused, from "
                        + plain(refusedFromSecond) + " s to " + seconds(refusedToSecond);
    }

    @Override
    public String advice() {
        return queued > 0
                ? "accept what is in the queue before the socket is closed; with SO_REUSEPORT, net.ipv4.tcp_migrate_req=1 hands"
                        + " the queue to another listener"
                : "find out whether the server was restarted or died; for a restart without refusals the new process takes over the socket,"
                        + " or listens with SO_REUSEPORT before the old one closes its own";
    }
}
