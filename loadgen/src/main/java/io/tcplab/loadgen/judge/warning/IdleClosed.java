package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Spread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server closed connections on which nothing was in progress.
 *
 * @param closed connections whose close was seen while they were idle
 * @param idleP50Millis how long these had been idle; absent where every close met a request
 * @param lost requests that were sent into such a close
 * @param lostFromMillis how long their connections had been idle at the least when the request was sent; absent where none was lost
 */
public record IdleClosed(
        long closed,
        @Nullable Double idleP50Millis,
        @Nullable Double idleMinMillis,
        @Nullable Double idleMaxMillis,
        long lost,
        @Nullable Double lostFromMillis,
        @Nullable Double lostToMillis)
        implements RunWarning {

    static final IdleClosed EXAMPLE = new IdleClosed(138, 1_000.4, 1_000.1, 1_001.2, 12, 999.8, 1_000.3);

    static List<RunWarning> in(Facts facts) {
        Spread idle = null;
        Spread met = null;
        long closed = 0;
        long lost = 0;
        for (CauseTally.Counted cause : facts.measured().causes()) {
            if (isIdleClose(cause.cause())) {
                idle = Spread.together(idle, closed, cause.idleMillis(), cause.count());
                closed += cause.count();
            } else if (cause.cause().incident() == Incident.LOST_TO_IDLE_CLOSE) {
                met = Spread.together(met, lost, cause.idleMillis(), cause.count());
                lost += cause.count();
            }
        }
        return idle == null && met == null
                ? List.of()
                : List.of(new IdleClosed(
                        closed,
                        idle == null ? null : idle.p50(),
                        idle == null ? null : idle.min(),
                        idle == null ? null : idle.max(),
                        lost,
                        met == null ? null : met.min(),
                        met == null ? null : met.max()));
    }

    /** A status that comes between two requests announces the close: 408 (RFC 9110 §15.5.9). */
    private static boolean isIdleClose(Cause cause) {
        return switch (cause.incident()) {
            case CLOSED_WHILE_IDLE, RESET_WHILE_IDLE -> true;
            case STATUS -> cause.phase() == Phase.THINKING || cause.phase() == Phase.HOLDING;
            default -> false;
        };
    }

    @Override
    public String when() {
        return "the server closed connections on which no request was in progress: after how long, which is its idle timeout, and"
                + " how wide the window is in which a request met the close and was lost";
    }

    @Override
    public String message() {
        return (idleP50Millis == null || idleMinMillis == null || idleMaxMillis == null
                        ? ""
                        : "the server closed " + count(closed) + " idle connections after " + millis(idleP50Millis)
                                + " (p50; " + millis(idleMinMillis) + " to " + millis(idleMaxMillis) + ")")
                + (lostFromMillis == null || lostToMillis == null ? "" : race(lostFromMillis, lostToMillis));
    }

    private String race(double from, double to) {
        return (idleP50Millis == null ? "" : "; ") + count(lost)
                + " requests met such a close and were lost: they were sent after " + millis(from) + " to " + millis(to)
                + " of idleness, a window " + millis(to - from) + " wide";
    }

    private static String millis(double millis) {
        return micros(millis * 1e3);
    }

    @Override
    public String advice() {
        Double least = idleMinMillis == null || (lostFromMillis != null && lostFromMillis < idleMinMillis)
                ? lostFromMillis
                : idleMinMillis;
        return "keep the client's idle timeout below the server's"
                + (least == null ? "" : ", clearly less than " + millis(least))
                + ", or raise the server's; a request that is lost in the window can be repeated only where it is safe to repeat";
    }
}
