package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.result.Summary;
import java.util.List;

/**
 * The server closes idle connections: its idle timeout, as it was measured, and the requests that met it.
 *
 * @param closed connections that ended while they were idle
 * @param lost requests that were on their way when that happened
 * @param p50Millis how long connections had been idle
 * @param minMillis the shortest: from here on a request may be lost
 * @param maxMillis the longest
 */
public record IdleClosed(long closed, long lost, double p50Millis, double minMillis, double maxMillis)
        implements RunWarning {

    static final IdleClosed EXAMPLE = new IdleClosed(150, 3, 1_001, 1_000, 1_020);

    static List<RunWarning> in(Facts facts) {
        long closed = 0;
        long lost = 0;
        Spread idle = null;
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Summary.Cause cause : facts.summary().causes()) {
            boolean isLost = Incident.ofText(cause.cause()) == Incident.LOST_TO_IDLE_CLOSE;
            if (cause.idleMillis() == null || !(isLost || isIdleClose(cause))) {
                continue;
            }
            closed += isLost ? 0 : cause.count();
            lost += isLost ? cause.count() : 0;
            idle = idle == null || !isLost ? cause.idleMillis() : idle;
            least = Math.min(least, cause.idleMillis().min());
            most = Math.max(most, cause.idleMillis().max());
        }
        return idle == null ? List.of() : List.of(new IdleClosed(closed, lost, idle.p50(), least, most));
    }

    private static boolean isIdleClose(Summary.Cause cause) {
        return switch (Incident.ofText(cause.cause())) {
            case CLOSED_WHILE_IDLE, RESET_WHILE_IDLE -> true;
            case STATUS -> cause.cause().endsWith("while idle");
            default -> false;
        };
    }

    @Override
    public String when() {
        return "the server closed connections that were idle: its idle timeout as measured, and the requests that met the close";
    }

    @Override
    public String message() {
        return "the server closed " + count(closed) + " idle connections, " + micros(p50Millis * 1000)
                + " (p50) after the"
                + " last response, " + micros(minMillis * 1000) + " to " + micros(maxMillis * 1000) + "; " + count(lost)
                + " requests were on their way then and were lost";
    }

    @Override
    public String advice() {
        return "let the client drop connections that have been idle for less than the shortest of these, or send again what may be"
                + " repeated";
    }
}
