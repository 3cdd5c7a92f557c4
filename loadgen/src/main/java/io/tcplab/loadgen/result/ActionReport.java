package io.tcplab.loadgen.result;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LedgerReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done during the load, and what became of the connections that were in progress then or begun since, up to the next
 * action.
 *
 * @param at seconds since the recorded part began
 * @param what was done
 * @param exitCode of a command; absent for what has none
 * @param failure why it could not be done; absent = it was
 * @param connections open at that moment, or started since
 * @param lost of these
 * @param idleClosed connections that the peer closed or reset between two requests: a client opens another and loses nothing
 * @param lostBefore connections lost in the time before the first action, as a share of those of that time; absent without such a time
 * @param sentence the verdict
 */
public record ActionReport(
        double at,
        String what,
        @Nullable Integer exitCode,
        @Nullable String failure,
        long connections,
        Lost lost,
        long idleClosed,
        @Nullable Double lostBefore,
        String sentence) {

    /**
     * Connections by what the action cost them.
     *
     * @param refused connect(2) failed with ECONNREFUSED
     * @param reset reset or closed with a request on the way that was not answered, or in the accept queue
     * @param droppedSyn never established within the connect timeout
     * @param truncated cut in the middle of a response
     * @param delayed established after a SYN or the answer to it was sent again; not lost
     */
    public record Lost(long refused, long reset, long droppedSyn, long truncated, long delayed) {

        /** All that are lost. */
        public long all() {
            return refused + reset + droppedSyn + truncated;
        }
    }

    /**
     * Counts at one moment.
     *
     * @param counts of all members, warm-up included
     * @param causes how often each was seen
     */
    public record Mark(LedgerReading counts, Map<Cause, Long> causes) {

        /** What was lost from here to {@code later}. */
        public Lost lostUntil(Mark later) {
            return new Lost(
                    count(later, cause -> cause.is("connect", Errno.ECONNREFUSED)),
                    count(later, ActionReport::isReset),
                    count(later, cause -> cause.incident() == Incident.NEVER_ESTABLISHED),
                    count(later, ActionReport::isTruncated),
                    later.counts.retransmittedConnects() - counts.retransmittedConnects());
        }

        /** Connections in progress here, or begun between here and {@code later}. */
        public long connectionsUntil(Mark later) {
            return later.counts.started() - counts.ended();
        }

        long count(Mark later, Predicate<Cause> which) {
            long sum = 0;
            for (Map.Entry<Cause, Long> each : later.causes.entrySet()) {
                if (which.test(each.getKey())) {
                    sum += each.getValue() - causes.getOrDefault(each.getKey(), 0L);
                }
            }
            return sum;
        }
    }

    private static boolean isReset(Cause cause) {
        return switch (cause.incident()) {
            case LOST_TO_IDLE_CLOSE,
                    LOST_TO_CLOSE,
                    CLOSED_ON_ACCEPT,
                    RESET_ON_ACCEPT,
                    CLOSED_WITHOUT_RESPONSE,
                    RESET_WHILE_SENDING,
                    RESET_BEFORE_RESPONSE -> true;
            case CALL_FAILED -> cause.errno() == Errno.ECONNRESET || cause.errno() == Errno.EPIPE;
            default -> false;
        };
    }

    private static boolean isTruncated(Cause cause) {
        return cause.incident() == Incident.CLOSED_IN_RESPONSE || cause.incident() == Incident.RESET_IN_RESPONSE;
    }

    private static boolean isIdle(Cause cause) {
        return switch (cause.incident()) {
            case CLOSED_WHILE_IDLE, RESET_WHILE_IDLE, CLOSED_AFTER_RESPONSE, RESET_AFTER_RESPONSE -> true;
            default -> false;
        };
    }

    /** The same of what was done elsewhere at that moment: what it was, and how it went. */
    public ActionReport as(String done, @Nullable Integer code, @Nullable String why) {
        return new ActionReport(at, done, code, why, connections, lost, idleClosed, lostBefore, sentence);
    }

    /** Judges what happened between two marks. */
    public static ActionReport of(
            double at,
            String what,
            @Nullable Integer exitCode,
            @Nullable String failure,
            Mark from,
            Mark until,
            @Nullable Double lostBefore) {
        Lost lost = from.lostUntil(until);
        long idle = from.count(until, ActionReport::isIdle);
        long connections = from.connectionsUntil(until);
        return new ActionReport(
                at,
                what,
                exitCode,
                failure,
                connections,
                lost,
                idle,
                lostBefore,
                sentence(lost, connections, idle, lostBefore));
    }

    private static String sentence(Lost lost, long connections, long idle, @Nullable Double before) {
        List<String> parts = new ArrayList<>();
        add(parts, lost.refused(), "refused");
        add(parts, lost.reset(), "reset or closed unanswered");
        add(parts, lost.truncated(), "cut in the response");
        add(parts, lost.droppedSyn(), "never established");
        StringBuilder sentence = new StringBuilder(InWords.count(lost.all()))
                .append(" of ")
                .append(InWords.count(connections))
                .append(" connections lost");
        if (!parts.isEmpty()) {
            sentence.append(" (").append(String.join(", ", parts)).append(')');
        }
        if (idle > 0) {
            sentence.append("; ")
                    .append(InWords.count(idle))
                    .append(" idle connections closed")
                    .append(lost.all() == 0 ? ", none in use" : "");
        }
        if (lost.delayed() > 0) {
            sentence.append("; ").append(InWords.count(lost.delayed())).append(" delayed by a repeated SYN");
        }
        if (before != null && before > 0) {
            sentence.append(String.format(Locale.ROOT, "; before it %.2g %% were lost", before * 100));
        }
        return sentence.toString();
    }

    private static void add(List<String> parts, long count, String how) {
        if (count > 0) {
            parts.add(InWords.count(count) + " " + how);
        }
    }
}
