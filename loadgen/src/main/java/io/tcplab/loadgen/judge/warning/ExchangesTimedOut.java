package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
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
 * @param first of those not answered or held back by a closed window, as many as may be on connections of which no request was answered
 *     before: the others were accepted
 * @param stillQueued connections in the accept queues of the target's listeners at the end, which no accept() has taken; absent where
 *     they were not seen
 * @param mostQueued most that waited in the fullest of these queues at a time; absent likewise
 * @param listenerDrops SYNs and final ACKs that these listeners dropped; absent likewise
 * @param sentAgain segments but SYNs and their answers that the server's kernel sent again, or, where both sides are one namespace, that
 *     either side did; absent where it was not observed
 * @param shared whether both sides are one namespace
 * @param ownDrops packets that the run's own network dropped; 0 = none
 */
public record ExchangesTimedOut(
        long notAcknowledged,
        long zeroWindow,
        long readSlowly,
        long notAnswered,
        long answeredInPart,
        long first,
        @Nullable Long stillQueued,
        @Nullable Long mostQueued,
        @Nullable Long listenerDrops,
        @Nullable Long sentAgain,
        boolean shared,
        long ownDrops)
        implements RunWarning {

    static final ExchangesTimedOut EXAMPLE = new ExchangesTimedOut(3, 5, 0, 20, 2, 20, 12L, 31L, 0L, 0L, false, 0);

    static List<RunWarning> in(Facts facts) {
        if (facts.count(ConnectionOutcome.EXCHANGE_TIMED_OUT) == 0) {
            return List.of();
        }
        SideFigures kernel = facts.kernel(Side.SERVER);
        SideFigures server = kernel == null || kernel.isPartial() ? null : kernel;
        List<ListenerFigures> listeners = server == null ? List.of() : server.listeners();
        return List.of(new ExchangesTimedOut(
                facts.count(Incident.NOT_ACKNOWLEDGED),
                facts.count(Incident.ZERO_WINDOW),
                facts.count(Incident.READ_SLOWLY),
                facts.count(Incident.NOT_ANSWERED),
                facts.count(Incident.ANSWERED_IN_PART),
                first(facts),
                listeners.isEmpty()
                        ? null
                        : listeners.stream()
                                .mapToLong(ListenerFigures::queuedAtEnd)
                                .sum(),
                listeners.isEmpty()
                        ? null
                        : listeners.stream()
                                .mapToLong(ListenerFigures::peak)
                                .max()
                                .orElse(0),
                facts.kernels().droppedByTargets(),
                server == null ? null : sentAgain(server),
                facts.environment().sidesShareOneNamespace(),
                facts.droppedByOwnNetwork()));
    }

    private static long first(Facts facts) {
        return facts.measured().causes().stream()
                .filter(each -> each.cause().incident() == Incident.NOT_ANSWERED
                        || each.cause().incident() == Incident.ZERO_WINDOW)
                .filter(each -> {
                    Spread answered = each.exchanges();
                    return answered == null || answered.p50() == 0;
                })
                .mapToLong(CauseTally.Counted::count)
                .sum();
    }

    /** A SYN or SYN/ACK that is sent again counts in both ({@code tcp_rtx_synack}, net/ipv4/tcp_output.c). */
    private static Long sentAgain(SideFigures server) {
        return Math.max(
                0,
                server.counter(KernelCounter.RETRANSMITTED_SEGMENTS) - server.counter(KernelCounter.SYN_RETRANSMITS));
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
                + (answersAreLost()
                        ? "; " + (shared ? "this network namespace's" : "the server's") + " kernel sent "
                                + count(lost()) + " segments again"
                        : "")
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

    private long lost() {
        return sentAgain == null ? 0 : sentAgain;
    }

    /**
     * Whether the server answered, and its segments did not arrive: it sent about as many again as responses were missing. In one namespace
     * it may have been the client's requests, unless all of these were acknowledged, and as many as the listeners dropped: a client whose
     * final ACK met a full queue sends its request until there is room.
     */
    private boolean answersAreLost() {
        long missing = notAnswered + answeredInPart;
        long atTheQueue = shared && listenerDrops != null ? listenerDrops : 0;
        return missing > 0 && 2 * (lost() - atTheQueue) >= missing && (!shared || notAcknowledged == 0);
    }

    /** Whether about as many were in the queue at a time: what is accepted after its client has given up leaves the queue all the same. */
    private boolean waited() {
        return mostQueued != null && first > 0 && 2 * mostQueued >= first;
    }

    /** Whether most of what had no answer was never taken: a few at the end are those that came last, to a server that is slow. */
    private boolean isNotAccepting() {
        boolean may = first > 0 || notAnswered + zeroWindow == 0;
        return stillQueued != null && stillQueued > 0 && may && 2 * stillQueued >= first;
    }

    @Override
    public String advice() {
        if (isNotAccepting()) {
            return "find out why the server does not accept: it is blocked, stopped or out of descriptors; a longer timeout does not help";
        }
        if (ownDrops == 0 && answersAreLost()) {
            return (shared
                            ? "the requests arrived, and segments are lost"
                            : "the server answered, and its segments are lost")
                    + ": check for a firewall, a full conntrack table, or a broken path from it to the client; neither a faster server nor"
                    + " a longer timeout helps";
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
            return "the server has the requests: compare its own response times with client.exchangeTimeout"
                    + (sentAgain == null
                            ? "; if it answers in time, its responses are lost on the way (--observe shows what it sends again)"
                            : "");
        }
        return most == unread
                ? "the server's application " + (readSlowly > 0 ? "reads slowly" : "had stopped reading")
                        + ": find out what " + (readSlowly > 0 ? "slows" : "blocks") + " it"
                : unacknowledged();
    }

    /** A final ACK that meets a full queue is dropped, as is what follows: the client sends to a connection that the server has not. */
    private String unacknowledged() {
        if (listenerDrops == null || (listenerDrops > 0 && 2 * listenerDrops < notAcknowledged)) {
            return "segments are lost: check for a full accept queue (listenOverflows), a firewall that forgot the connection, or a broken"
                    + " path";
        }
        return listenerDrops == 0
                ? "segments are lost on the way, as the target's listeners dropped none: check for a firewall that forgot the connection,"
                        + " or a broken path"
                : "the target's listeners dropped " + count(listenerDrops)
                        + " SYNs and final ACKs, which leaves the client with"
                        + " connections that the server does not have: see the warnings about their queues";
    }
}
