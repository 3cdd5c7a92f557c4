package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.rate;

import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.record.LedgerReading;
import java.util.List;

/**
 * Requests by the clock found no free connection: those that were overdue at the end were never begun, and are in no latency.
 *
 * @param offered requests per second, as planned
 * @param begun requests per second
 * @param overdue requests that were due in the recorded part and were not begun in it
 * @param connections over which they were to go
 */
public record RequestRateNotReached(double offered, double begun, long overdue, int connections) implements RunWarning {

    static final RequestRateNotReached EXAMPLE = new RequestRateNotReached(1_000, 98, 1_804, 2);

    private static final double TOLERANCE = 0.01;

    /** A number of arrivals of a Poisson process is within so many of its standard deviations, as good as always. */
    private static final double DEVIATIONS = 4;

    static List<RunWarning> in(Facts facts) {
        if (!(facts.profile().load() instanceof Load.Requests load)
                || facts.summary().interrupted()) {
            return List.of();
        }
        // None is due behind the planned end, however late that is seen.
        long nanos = Math.min(facts.measured().recordedNanos(), facts.profile().durationNanos());
        LedgerReading all = facts.measured().total();
        return judged(load, nanos / 1e9, all.exchanges() + all.lost());
    }

    /** What was begun may be cut off in progress at the end, once on each connection. */
    static List<RunWarning> judged(Load.Requests load, double seconds, long over) {
        double due = load.perSecond() * seconds;
        double chance = load.arrivals() == Load.Arrivals.POISSON ? DEVIATIONS * Math.sqrt(due) : 0;
        double missing = due - over - load.connections();
        return missing <= TOLERANCE * due + chance
                ? List.of()
                : List.of(new RequestRateNotReached(
                        load.perSecond(), (due - missing) / seconds, Math.round(missing), load.connections()));
    }

    @Override
    public String when() {
        return "more than 1% of the requests that load.requests offered found no free connection and were not begun";
    }

    @Override
    public String message() {
        return "the plan offered " + rate(offered) + " requests/s over " + count(connections) + " connections; "
                + rate(begun) + "/s were begun. " + count(overdue)
                + " were overdue at the end, and are in no latency: the response times would have grown further";
    }

    @Override
    public String advice() {
        return "raise load.requests.connections if the server can answer more at a time, or lower the rate";
    }
}
