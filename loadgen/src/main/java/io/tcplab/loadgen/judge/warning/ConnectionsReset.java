package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.Incident;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's RSTs by what they cost.
 *
 * @param onAccept came right after the handshake, before a request
 * @param whileSending came while a request was being sent
 * @param beforeResponse came when a request was sent and no byte of its response had come
 * @param inResponse came in the middle of a response
 * @param afterResponse came when the last response was complete
 * @param byFullQueue whether the server's kernel resets connections that find the accept queue full, and some have (ip-sysctl:
 *     tcp_abort_on_overflow)
 */
public record ConnectionsReset(
        long onAccept, long whileSending, long beforeResponse, long inResponse, long afterResponse, boolean byFullQueue)
        implements RunWarning {

    static final ConnectionsReset EXAMPLE = new ConnectionsReset(0, 0, 3, 1, 40, false);

    static List<RunWarning> in(Facts facts) {
        ConnectionsReset resets = new ConnectionsReset(
                facts.count(Incident.RESET_ON_ACCEPT),
                facts.count(Incident.RESET_WHILE_SENDING),
                facts.count(Incident.RESET_BEFORE_RESPONSE),
                facts.count(Incident.RESET_IN_RESPONSE),
                facts.count(Incident.RESET_AFTER_RESPONSE),
                facts.sysctl(Side.SERVER, "net.ipv4.tcp_abort_on_overflow") == 1
                        && !AcceptQueueOverflowed.in(facts.kernels()).isEmpty());
        return resets.lost() + resets.afterResponse > 0 ? List.of(resets) : List.of();
    }

    private long lost() {
        return onAccept + whileSending + beforeResponse + inResponse;
    }

    @Override
    public String when() {
        return "the server reset connections: before, in or after a complete response";
    }

    @Override
    public String message() {
        List<String> kinds = new ArrayList<>();
        add(kinds, onAccept, "right after the handshake");
        add(kinds, whileSending, "while a request was being sent");
        add(kinds, beforeResponse, "before any response");
        add(kinds, inResponse, "in the middle of a response");
        add(kinds, afterResponse, "after the last response was complete (nothing was lost)");
        return "the server reset connections: " + String.join(", ", kinds)
                + (byFullQueue
                        ? "; its accept queue was full, and its kernel resets what finds it so (net.ipv4.tcp_abort_on_overflow=1)"
                        : "");
    }

    private static void add(List<String> kinds, long resets, String when) {
        if (resets > 0) {
            kinds.add(count(resets) + " " + when);
        }
    }

    @Override
    public String advice() {
        if (byFullQueue && lost() > 0) {
            return "requests are lost: accept faster or raise the queue's limit (acceptQueueOverflowed); with"
                    + " net.ipv4.tcp_abort_on_overflow=0 a client waits and tries again";
        }
        return lost() == 0
                ? "the server closes with unread data or by SO_LINGER 0: harmless here, but a slower client could lose its response"
                : "requests are lost: check the server's log and limits, and whether its process or a proxy before it ended";
    }
}
