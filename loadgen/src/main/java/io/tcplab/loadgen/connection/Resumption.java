package io.tcplab.loadgen.connection;

import io.tcplab.companion.tls.TlsContext;
import java.util.List;
import java.util.Objects;

/**
 * Which handshakes of TLS are to resume a session, by target: a session is resumed with the server that gave it. That is not drawn but
 * dealt out evenly, so that the share is met exactly; a handshake that finds no session leaves its turn to the next that does. Confined
 * to an event loop.
 */
final class Resumption {

    /** Ends within the rounding of a sum of shares. */
    private static final double ALMOST = 1 - 1e-9;

    /** With fewer at hand a connection that reads nothing waits for its own. */
    private static final int FEW_SESSIONS = 64;

    /** A server that has sent none so often has none to give. */
    private static final int MOST_MISSED_TICKETS = 8;

    private final double share;
    private final Sessions[] sessions;

    /** What is known of one target's sessions. */
    private static final class Sessions {
        private final TlsContext context;

        /** How many handshakes should have resumed by now, less those that were to. */
        private double due;

        private int missedTickets;

        Sessions(TlsContext.Client client) {
            context = TlsContext.client(client);
        }
    }

    Resumption(double share, List<Destination> destinations) {
        this.share = share;
        this.sessions = destinations.stream()
                .map(each ->
                        new Sessions(Objects.requireNonNull(each.tls(), "a profile with TLS has it for each target")))
                .toArray(Sessions[]::new);
    }

    /** What makes the target's engines and keeps its sessions. */
    TlsContext context(int target) {
        return sessions[target].context;
    }

    /** Whether the handshake that begins now is to resume a session; there is one then. */
    boolean isNext(int target) {
        Sessions known = sessions[target];
        known.due += share;
        if (known.due < ALMOST || known.context.sessions() == 0) {
            return false;
        }
        known.due--;
        return true;
    }

    /** Whether a session is worth waiting for. */
    boolean lacksSessions(int target) {
        Sessions known = sessions[target];
        return share > 0 && known.missedTickets < MOST_MISSED_TICKETS && known.context.sessions() < FEW_SESSIONS;
    }

    /** A session was waited for and did not come. */
    void missedTicket(int target) {
        sessions[target].missedTickets++;
    }

    /** Gives the sessions back. */
    void close() {
        for (Sessions each : sessions) {
            each.context.close();
        }
    }
}
