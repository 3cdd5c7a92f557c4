package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Responses that did not come in time, told apart by what the client's kernel knew of each at that moment (TCP_INFO).
 *
 * @param notAcknowledged requests that the server's kernel has not acknowledged
 * @param zeroWindow requests that could not be sent: the server's receive window was closed
 * @param readSlowly requests that were only sent in part: the server reads slower than they come
 * @param notAnswered requests that the server's kernel has, without a byte of response
 * @param answeredInPart responses that had begun
 * @param stillQueued connections in the accept queues of the target's listeners at the end, which no accept() has taken; absent where
 *     they were not seen
 * @param mostQueued most that waited in the fullest of these queues at a time; absent likewise
 * @param ownDrops packets that the run's own network dropped; 0 = none
 */
public record ExchangesTimedOut(
        long notAcknowledged,
        long zeroWindow,
        long readSlowly,
        long notAnswered,
        long answeredInPart,
        @Nullable Long stillQueued,
        @Nullable Long mostQueued,
        long ownDrops)
        implements RunWarning {

    static final ExchangesTimedOut EXAMPLE = new ExchangesTimedOut(3, 5, 0, 20, 2, 12L, 31L, 0);

    static List<RunWarning> in(Facts facts) {
        if (facts.count(ConnectionOutcome.EXCHANGE_TIMED_OUT) == 0) {
            return List.of();
        }
        KernelFigures.SideFigures server = facts.kernel(Side.SERVER);
        List<ListenerFigures> listeners = server == null || server.isPartial() ? List.of() : server.listeners();
        return List.of(new ExchangesTimedOut(
                facts.count(Incident.NOT_ACKNOWLEDGED),
                facts.count(Incident.ZERO_WINDOW),
                facts.count(Incident.READ_SLOWLY),
                facts.count(Incident.NOT_ANSWERED),
                facts.count(Incident.ANSWERED_IN_PART),
                listeners.isEmpty()
                        ? null
                        : listeners.stream().mapToLong(ListenerFigures::last).sum(),
                listeners.isEmpty()
                        ? null
                        : listeners.stream()
                                .mapToLong(ListenerFigures::peak)
                                .max()
                                .orElse(0),
                facts.droppedByOwnNetwork()));
    }

    @Override
    public String when() {
        return "responses did not come within client.exchangeTimeout; distinguished by what the client's kernel knew at that moment,"
                + " and by what was still in the accept queue at the end";
    }

    @Override
    public String message() {
        List<String> kinds = new ArrayList<>();
        add(kinds, notAnswered, "acknowledged and not answered");
        add(kinds, notAcknowledged, "not acknowledged");
        add(kinds, zeroWindow, "held back by a closed receive window");
        add(kinds, readSlowly, "read too slowly by the server");
        add(kinds, answeredInPart, "answered in part");
        return "responses did not come in time: "
                + (kinds.isEmpty() ? "of requests whose state is not known" : String.join(", ", kinds))
                + queued()
                + (ownDrops > 0 ? "; the run's own network dropped " + count(ownDrops) + " packets" : "");
    }

    private static void add(List<String> kinds, long requests, String how) {
        if (requests > 0) {
            kinds.add(count(requests) + " " + how);
        }
    }

    /** A connection stays in the accept queue until accept() takes it, also when its client has gone. */
    private String queued() {
        if (stillQueued == null || mostQueued == null) {
            return "";
        }
        return stillQueued > 0
                ? " (" + count(stillQueued) + " connections are still in the accept queue: never accepted)"
                : waited()
                        ? " (up to " + count(mostQueued)
                                + " connections waited in the accept queue at a time; none is left there)"
                        : " (none is left in the accept queue)";
    }

    /** Whether about as many were in the queue at a time: what is accepted after its client has given up leaves the queue all the same. */
    private boolean waited() {
        return mostQueued != null && notAnswered + zeroWindow > 0 && 2 * mostQueued >= notAnswered + zeroWindow;
    }

    @Override
    public String advice() {
        if (stillQueued != null && stillQueued > 0) {
            return "find out why the server does not accept: it is blocked, stopped or out of descriptors; a longer timeout does not help";
        }
        if (waited()) {
            return "find out why the server accepts late: it is blocked, stopped or out of descriptors for a time, or too slow";
        }
        if (ownDrops > 0) {
            return "the network of the profile loses packets, and with them requests or responses: compare with a run without"
                    + " `network` before the server is blamed";
        }
        long unread = zeroWindow + readSlowly;
        long most = Math.max(Math.max(notAcknowledged, unread), Math.max(notAnswered, answeredInPart));
        if (most == 0 || most == notAnswered || most == answeredInPart) {
            return "the server has the requests: compare its own response times with client.exchangeTimeout";
        }
        return most == unread
                ? "the server's application " + (readSlowly > 0 ? "reads slowly" : "does not read") + ": find out what "
                        + (readSlowly > 0 ? "slows" : "blocks") + " it"
                : "segments are lost: check for a full accept queue (listenOverflows), a firewall that forgot the"
                        + " connection, or a broken path";
    }
}
