package io.tcplab.loadgen.result;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.LedgerReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done during the load, and what became of the connections that were in progress then or begun since, up to the next
 * action.
 *
 * @param at seconds since the recorded part began
 * @param what was done
 * @param exitCode of a command; absent for what has none
 * @param failure why it could not be done, or the last line of a command that failed; absent = it was done, or nothing was printed
 * @param connections open at that moment, or started since
 * @param lost of these
 * @param idleClosed connections that the peer closed or reset between two requests: a client opens another and loses nothing
 * @param unexpected responses that were not as expected, such as a proxy's 503; their connections are not lost by that
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
        long unexpected,
        @Nullable Double lostBefore,
        String sentence) {

    /**
     * Connections by what the action cost them.
     *
     * @param refused connect(2) failed with ECONNREFUSED, or met nobody but itself
     * @param reset reset or closed with a request on the way that was not answered, in the accept queue, or in the handshake of TLS
     * @param droppedSyn never established: no answer to the SYN within the connect timeout, or no way there
     * @param truncated cut in the middle of a response
     * @param delayed established after a SYN or the answer to it was sent again; not lost
     * @param timedOut established, and without a whole response, or without a handshake of TLS, within its timeout
     * @param tlsFailed by an alert, a certificate that was refused, or bytes that are no TLS
     */
    public record Lost(
            long refused, long reset, long droppedSyn, long truncated, long delayed, long timedOut, long tlsFailed) {

        /** All that are lost. */
        public long all() {
            return refused + reset + droppedSyn + truncated + timedOut + tlsFailed;
        }
    }

    /** What one cause means for the connection that had it. */
    private enum Fate {
        REFUSED,
        RESET,
        NEVER_ESTABLISHED,
        TRUNCATED,
        TIMED_OUT,
        TLS_FAILED,
        IDLE_CLOSED,
        /** It went on, had all that it asked for, failed for want of something of the generator's, or is counted by another cause. */
        NOT_LOST
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
                    count(later, Fate.REFUSED),
                    count(later, Fate.RESET),
                    count(later, Fate.NEVER_ESTABLISHED),
                    count(later, Fate.TRUNCATED),
                    later.counts.retransmittedConnects() - counts.retransmittedConnects(),
                    count(later, Fate.TIMED_OUT),
                    count(later, Fate.TLS_FAILED));
        }

        /** Connections in progress here, or begun between here and {@code later}. */
        public long connectionsUntil(Mark later) {
            return later.counts.started() - counts.ended();
        }

        private long count(Mark later, Fate fate) {
            long sum = 0;
            for (Map.Entry<Cause, Long> each : later.causes.entrySet()) {
                if (fateOf(each.getKey()) == fate) {
                    sum += each.getValue() - causes.getOrDefault(each.getKey(), 0L);
                }
            }
            return sum;
        }
    }

    private static Fate fateOf(Cause cause) {
        return switch (cause.incident()) {
            case CONNECTED_TO_ITSELF -> Fate.REFUSED;
            case LOST_TO_IDLE_CLOSE,
                    LOST_TO_CLOSE,
                    CLOSED_ON_ACCEPT,
                    RESET_ON_ACCEPT,
                    CLOSED_WITHOUT_RESPONSE,
                    CLOSED_AFTER_HALF_CLOSE,
                    RESET_AFTER_HALF_CLOSE,
                    RESET_WHILE_SENDING,
                    RESET_BEFORE_RESPONSE,
                    CLOSED_IN_TLS_HANDSHAKE,
                    RESET_IN_TLS_HANDSHAKE -> Fate.RESET;
            case NEVER_ESTABLISHED -> Fate.NEVER_ESTABLISHED;
            case CLOSED_IN_RESPONSE, RESET_IN_RESPONSE -> Fate.TRUNCATED;
            case NOT_ACKNOWLEDGED, ZERO_WINDOW, READ_SLOWLY, NOT_ANSWERED, ANSWERED_IN_PART, TLS_NOT_ESTABLISHED ->
                Fate.TIMED_OUT;
            case TLS_ALERT, CERTIFICATE_REFUSED, NOT_TLS, TLS_BROKEN -> Fate.TLS_FAILED;
            case CLOSED_WHILE_IDLE, RESET_WHILE_IDLE, CLOSED_AFTER_RESPONSE, RESET_AFTER_RESPONSE -> Fate.IDLE_CLOSED;
            case CALL_FAILED -> fateOf(cause.call(), cause.errno());
            // The first of these comes beside the cause that ended the connection.
            case NO_CLOSE_NOTIFY,
                    CLOSE_NOTIFY_NOT_ANSWERED,
                    ANNOUNCED,
                    STATUS,
                    BODY_NOT_AS_EXPECTED,
                    NOT_WHAT_WAS_ASKED,
                    FIN_NOT_ACKNOWLEDGED,
                    FIN_NOT_ANSWERED,
                    SERVER_DID_NOT_CLOSE,
                    BROKE -> Fate.NOT_LOST;
        };
    }

    private static Fate fateOf(String call, Errno errno) {
        boolean connects = call.equals("connect");
        return switch (errno) {
            case ECONNREFUSED -> connects ? Fate.REFUSED : Fate.RESET;
            case ECONNRESET, EPIPE -> Fate.RESET;
            case ETIMEDOUT, EHOSTUNREACH, ENETUNREACH -> connects ? Fate.NEVER_ESTABLISHED : Fate.TIMED_OUT;
            default -> Fate.NOT_LOST;
        };
    }

    /** The same of what was done elsewhere at that moment: what it was, and how it went. */
    public ActionReport as(String done, @Nullable Integer code, @Nullable String why) {
        return new ActionReport(at, done, code, why, connections, lost, idleClosed, unexpected, lostBefore, sentence);
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
        long idle = from.count(until, Fate.IDLE_CLOSED);
        long unexpected = until.counts.unexpected() - from.counts.unexpected();
        long connections = from.connectionsUntil(until);
        return new ActionReport(
                at,
                what,
                exitCode,
                failure,
                connections,
                lost,
                idle,
                unexpected,
                lostBefore,
                sentence(lost, connections, idle, unexpected, lostBefore));
    }

    /** Whether it could not be done, or its command ended in failure: what was lost meanwhile says nothing about what it costs. */
    public boolean failed() {
        return failure != null || (exitCode != null && exitCode != 0);
    }

    /** Whether it was done, and nobody was worse off for it. */
    public boolean costNothing() {
        return !failed() && lost.all() == 0 && unexpected == 0;
    }

    private static String sentence(Lost lost, long connections, long idle, long unexpected, @Nullable Double before) {
        List<String> parts = new ArrayList<>();
        add(parts, lost.refused(), "refused");
        add(parts, lost.reset(), "reset or closed unanswered");
        add(parts, lost.truncated(), "cut in the response");
        add(parts, lost.droppedSyn(), "never established");
        add(parts, lost.timedOut(), "not answered in time");
        add(parts, lost.tlsFailed(), "failed in TLS");
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
        if (unexpected > 0) {
            sentence.append("; ")
                    .append(InWords.count(unexpected))
                    .append(unexpected == 1 ? " response was" : " responses were")
                    .append(" not as expected");
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
