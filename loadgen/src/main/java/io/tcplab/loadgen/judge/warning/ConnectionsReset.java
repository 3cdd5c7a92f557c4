package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.loadgen.record.Incident;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's RSTs by what they cost.
 *
 * @param whileSending came while a request was being sent
 * @param beforeResponse came when a request was sent and no byte of its response had come
 * @param inResponse came in the middle of a response
 * @param afterResponse came when the last response was complete
 */
public record ConnectionsReset(long whileSending, long beforeResponse, long inResponse, long afterResponse)
        implements RunWarning {

    static final ConnectionsReset EXAMPLE = new ConnectionsReset(0, 3, 1, 40);

    static List<RunWarning> in(Facts facts) {
        ConnectionsReset resets = new ConnectionsReset(
                facts.count(Incident.RESET_WHILE_SENDING),
                facts.count(Incident.RESET_BEFORE_RESPONSE),
                facts.count(Incident.RESET_IN_RESPONSE),
                facts.count(Incident.RESET_AFTER_RESPONSE));
        return resets.lost() + resets.afterResponse > 0 ? List.of(resets) : List.of();
    }

    private long lost() {
        return whileSending + beforeResponse + inResponse;
    }

    @Override
    public String when() {
        return "the server reset connections: before, in or after a complete response";
    }

    @Override
    public String message() {
        List<String> kinds = new ArrayList<>();
        add(kinds, whileSending, "while a request was being sent");
        add(kinds, beforeResponse, "before any response");
        add(kinds, inResponse, "in the middle of a response");
        add(kinds, afterResponse, "after the last response was complete (nothing was lost)");
        return "the server reset connections: " + String.join(", ", kinds);
    }

    private static void add(List<String> kinds, long resets, String when) {
        if (resets > 0) {
            kinds.add(count(resets) + " " + when);
        }
    }

    @Override
    public String advice() {
        return lost() == 0
                ? "the server closes with unread data or by SO_LINGER 0: harmless here, but a slower client could lose its response"
                : "requests are lost: check the server's log and limits, and whether its process or a proxy before it ended";
    }
}
