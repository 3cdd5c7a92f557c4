package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.micros;
import static io.tcplab.loadgen.record.InWords.plain;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.result.Measured;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server closed connections on which nothing was in progress.
 *
 * @param closed connections whose close was seen while they were idle
 * @param idleP50Millis how long these had been idle; absent where every close met a request
 * @param ageMinMillis how old the connections were at the least, where all had the same age and different idle times: a limit of their age;
 *     absent otherwise
 * @param ageMaxMillis at the most
 * @param outlived held connections that stayed open though they were idle for more than twice as long: no idle timeout explains that
 * @param lost requests that were sent into such a close
 * @param together whether all came within a moment, or when a listener went away, while the idle times were all different: a reload or
 *     a shutdown
 * @param firstSecond when the first came, in seconds since the recorded part began; absent where none was seen
 * @param lastSecond when the last came
 * @param lostFromMillis how long their connections had been idle at the least when the request was sent; absent where none was lost
 */
public record IdleClosed(
        long closed,
        @Nullable Double idleP50Millis,
        @Nullable Double idleMinMillis,
        @Nullable Double idleMaxMillis,
        boolean together,
        @Nullable Double firstSecond,
        @Nullable Double lastSecond,
        @Nullable Double ageMinMillis,
        @Nullable Double ageMaxMillis,
        long outlived,
        long lost,
        @Nullable Double lostFromMillis,
        @Nullable Double lostToMillis)
        implements RunWarning {

    static final IdleClosed EXAMPLE =
            new IdleClosed(138, 1_000.4, 1_000.1, 1_001.2, false, 1.0, 3.2, null, null, 0, 12, 999.8, 1_000.3);

    /** A server that ends takes no longer to close its idle connections. */
    private static final long A_MOMENT_NANOS = 500_000_000;

    /** Fewer show nothing by their idle times. */
    private static final long FEW = 3;

    static List<RunWarning> in(Facts facts) {
        Spread idle = null;
        Spread age = null;
        Spread exchanges = null;
        Spread met = null;
        long closed = 0;
        long lost = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (CauseTally.Counted cause : facts.measured().causes()) {
            if (isIdleClose(cause.cause())) {
                idle = Spread.together(idle, closed, cause.idleMillis(), cause.count());
                age = Spread.together(age, closed, cause.ageMillis(), cause.count());
                exchanges = Spread.together(exchanges, closed, cause.exchanges(), cause.count());
                closed += cause.count();
                first = Math.min(first, cause.firstNanos());
                last = Math.max(last, cause.lastNanos());
            } else if (cause.cause().incident() == Incident.LOST_TO_IDLE_CLOSE) {
                met = Spread.together(met, lost, cause.idleMillis(), cause.count());
                lost += cause.count();
            }
        }
        boolean found = idle != null && !isSlowToShow(facts, idle, closed);
        boolean together = idle != null && closed >= FEW && (isTogether(idle, last - first) || isRestart(facts, idle));
        boolean byAge =
                idle != null && age != null && closed >= FEW && !together && isByAge(facts, idle, age, exchanges);
        return !found && met == null
                ? List.of()
                : List.of(new IdleClosed(
                        closed,
                        idle == null ? null : idle.p50(),
                        idle == null ? null : idle.min(),
                        idle == null ? null : idle.max(),
                        together,
                        closed == 0 ? null : second(facts, first),
                        closed == 0 ? null : second(facts, last),
                        byAge && age != null ? age.min() : null,
                        byAge && age != null ? age.max() : null,
                        idle == null ? 0 : outlived(facts, idle),
                        lost,
                        met == null ? null : met.min(),
                        met == null ? null : met.max()));
    }

    /** On a busy machine the FIN of a server that closes right behind its response shows later, now and then. */
    private static boolean isSlowToShow(Facts facts, Spread idle, long closed) {
        return idle.max() < 200 && closed < facts.count(Incident.CLOSED_AFTER_RESPONSE) / 10;
    }

    /** A timeout makes idle times alike, however the closes lie in time; whoever closes all at once makes the closes alike. */
    private static boolean isTogether(Spread idle, long closingNanos) {
        double idleMillis = idle.max() - idle.min();
        return closingNanos <= A_MOMENT_NANOS && idleMillis > 0.3 * idle.max() && idleMillis > 2 * closingNanos / 1e6;
    }

    /** Its listener went away meanwhile, and the idle times differ too much for a timeout. */
    private static boolean isRestart(Facts facts, Spread idle) {
        return idle.max() - idle.min() > 0.5 * idle.max()
                && facts.kernels().listeners().stream().anyMatch(each -> each.goneAtSecond() != null);
    }

    /** All were of the same age, and idle for times that differ, or for less than the pauses before, which they had survived. */
    private static boolean isByAge(Facts facts, Spread idle, Spread age, @Nullable Spread exchanges) {
        double idleMillis = idle.max() - idle.min();
        double ageMillis = age.max() - age.min();
        if (ageMillis > 0.1 * age.max()) {
            return false;
        }
        if (idleMillis > 0.3 * idle.max() && idleMillis > 2 * ageMillis) {
            return true;
        }
        if (exchanges == null || exchanges.min() < 2) {
            return false;
        }
        Double service = facts.summary().latencies().of(Metric.SERVICE).p50Micros();
        double earlierMillis = (age.p50() - idle.p50()) / (exchanges.p50() - 1) - (service == null ? 0 : service / 1e3);
        return earlierMillis > 1.3 * idle.max();
    }

    private static long outlived(Facts facts, Spread idle) {
        Measured.Held held = facts.summary().held();
        if (held == null || !(facts.profile().load() instanceof Load.Hold hold) || hold.reopenNanos() != null) {
            return 0;
        }
        double heldMillis = (facts.measured().recordedNanos() - hold.rampNanos()) / 1e6;
        return heldMillis > 2 * idle.max() ? held.atEnd() : 0;
    }

    private static double second(Facts facts, long nanos) {
        return Math.round((nanos - facts.measured().recordedFromNanos()) / 1e6) / 1e3;
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
        return "the server closed connections on which no request was in progress: after how long, which is its idle timeout unless they"
                + " came together or at the same age of the connections, and how wide the window is in which a request met the close and"
                + " was lost";
    }

    @Override
    public String message() {
        return (idleP50Millis == null || idleMinMillis == null || idleMaxMillis == null
                        ? ""
                        : "the server closed " + count(closed) + " idle connections "
                                + closes(idleP50Millis, millis(idleMinMillis) + " to " + millis(idleMaxMillis)))
                + (lostFromMillis == null || lostToMillis == null ? "" : race(lostFromMillis, lostToMillis));
    }

    private String closes(double p50, String range) {
        if (ageMinMillis != null && ageMaxMillis != null) {
            return millis(ageMinMillis) + " to " + millis(ageMaxMillis) + " after they were opened, after " + range
                    + " of idleness: this is a limit of a connection's age, and no idle timeout";
        }
        return together && firstSecond != null && lastSecond != null
                ? (lastSecond - firstSecond <= A_MOMENT_NANOS / 1e9
                                ? "together, from "
                                : "as its listener went away, from ")
                        + plain(firstSecond) + " s to " + seconds(lastSecond) + ", after " + range
                        + " of idleness: it was reloaded, restarted or shut down; this is no idle timeout"
                : "after " + millis(p50) + " (p50; " + range + ")"
                        + (outlived == 0
                                ? ""
                                : ", while " + count(outlived)
                                        + " others stayed open that were idle for longer: this is no idle timeout");
    }

    private String race(double from, double to) {
        if (closed == 0) {
            return count(lost) + " requests, sent after " + millis(from) + " to " + millis(to)
                    + " of idleness, met a close of the server and were lost; no connection was seen to be closed while it was idle, so"
                    + " the server may have reset these requests themselves";
        }
        String met = "; " + count(lost) + " requests met such a close and were lost";
        return ageMinMillis != null || together
                ? met
                : met + ": they were sent after " + millis(from) + " to " + millis(to) + " of idleness, a window "
                        + millis(to - from) + " wide";
    }

    private static String millis(double millis) {
        return micros(millis * 1e3);
    }

    @Override
    public String advice() {
        if (together) {
            return "let the server finish what has begun and close gradually when it reloads, and let the client open another"
                    + " connection; a request that is lost can be repeated only where it is safe to repeat";
        }
        if (ageMinMillis != null) {
            return "let the server announce the close (Connection: close), or raise its limit; or let the client open another connection"
                    + " before " + millis(ageMinMillis)
                    + "; a request that is lost can be repeated only where it is safe to repeat";
        }
        if (outlived > 0) {
            return "check the server's limit of connections, to which the longest idle give way (nginx: worker_connections), or hold fewer";
        }
        Double least = idleMinMillis == null || (lostFromMillis != null && lostFromMillis < idleMinMillis)
                ? lostFromMillis
                : idleMinMillis;
        return (closed == 0 ? "look for these requests in the server's log; where it has read none of them, " : "")
                + "keep the client's idle timeout below the server's"
                + (least == null ? "" : ", clearly less than " + millis(least))
                + ", or raise the server's; a request that is lost in the window can be repeated only where it is safe to repeat";
    }
}
