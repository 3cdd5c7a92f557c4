package io.tcplab.loadgen.connection;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;

/**
 * Tells what the FIN or the RST of a peer is that came before the exchanges were over: the end of an idle connection, of a request that
 * crossed it on the way, or of one that the peer had taken.
 */
final class EarlyEnds {

    /** No idle timeout is as short: what ends a connection so soon after its last response, or after the handshake, does so at once. */
    private static final int AT_ONCE_MICROS = 10_000;

    /** Nor of a connection on which nothing was asked yet; a server that turns one away may do so on its next tick. */
    private static final int ON_ACCEPT_MICROS = 100_000;

    private final Vitals vitals;

    /** {@code vitals} are the caller's: what the kernel was last asked about the connection. */
    EarlyEnds(Vitals vitals) {
        this.vitals = vitals;
    }

    /** An RST came, which a call reported as {@code errno}. */
    Incident reset(Connection c, int errno, long now) {
        return switch (c.phase) {
            case SENDING, RECEIVING -> {
                if (c.answered) {
                    yield Incident.RESET_AFTER_RESPONSE;
                } else if (c.phase == Phase.SENDING && c.sentBytes == 0 && c.exchangesDone > 0) {
                    // EPIPE: the FIN came before the RST (tcp_reset, net/ipv4/tcp_input.c)
                    yield errno == Errno.EPIPE.number() ? closedIdle(c, c.idleMicros) : resetIdle(c, c.idleMicros);
                } else if (c.receivedBytes > 0) {
                    yield Incident.RESET_IN_RESPONSE;
                } else if (c.phase == Phase.SENDING && c.sentBytes > 0) {
                    yield metTheClose(c) ? lost(c) : Incident.RESET_WHILE_SENDING;
                }
                if (hasSaidNothing(c)) {
                    yield resetIdle(c, idleMicros(c, now));
                }
                if (c.finSent) {
                    yield Incident.RESET_AFTER_HALF_CLOSE;
                }
                yield c.idleMicros >= AT_ONCE_MICROS && !wasTaken(c, now)
                        ? Incident.LOST_TO_IDLE_CLOSE
                        : Incident.RESET_BEFORE_RESPONSE;
            }
            case PAUSING -> Incident.RESET_WHILE_IDLE;
            case THINKING, HOLDING -> resetIdle(c, idleMicros(c, now));
            case AWAITING_FIN, AWAITING_NOTIFY -> {
                if (c.exchangesDone > 0) {
                    yield Incident.RESET_AFTER_RESPONSE;
                }
                // Nothing was asked, and the peer was to close first.
                yield c.finSent || c.phase == Phase.AWAITING_NOTIFY
                        ? Incident.CALL_FAILED
                        : resetIdle(c, idleMicros(c, now));
            }
            // An RST in answer to the SYN is ECONNREFUSED: this one came behind the handshake (tcp_reset,
            // net/ipv4/tcp_input.c).
            case CONNECTING -> Incident.RESET_ON_ACCEPT;
            case SECURING, AWAITING_TICKET, LINGERING, ABANDONED, COOLING, ENDED -> Incident.CALL_FAILED;
        };
    }

    /** The peer's FIN came. */
    Incident closed(Connection c, long now) {
        return switch (c.phase) {
            case SENDING, RECEIVING -> closedInExchange(c, now);
            case THINKING, HOLDING -> closedIdle(c, idleMicros(c, now));
            case CONNECTING,
                    SECURING,
                    AWAITING_TICKET,
                    PAUSING,
                    AWAITING_NOTIFY,
                    AWAITING_FIN,
                    LINGERING,
                    ABANDONED,
                    COOLING,
                    ENDED -> Incident.CLOSED_WHILE_IDLE;
        };
    }

    /** A close that crossed the request on its way has acknowledged nothing of it. */
    private Incident closedInExchange(Connection c, long now) {
        if (c.receivedBytes > 0) {
            return Incident.CLOSED_IN_RESPONSE;
        }
        if (hasSaidNothing(c)) {
            return closedIdle(c, idleMicros(c, now));
        }
        boolean crossed = c.look(vitals) && vitals.unacknowledgedBytes > 0 && vitals.unacknowledgedBytes >= c.sentBytes;
        if (crossed && (c.exchangesDone > 0 || c.idleMicros >= AT_ONCE_MICROS)) {
            return lost(c);
        }
        if (c.finSent) {
            return Incident.CLOSED_AFTER_HALF_CLOSE;
        }
        return crossed ? Incident.CLOSED_ON_ACCEPT : Incident.CLOSED_WITHOUT_RESPONSE;
    }

    /** A script waits for a greeting: the peer has taken no request. */
    private static boolean hasSaidNothing(Connection c) {
        return c.sentBytes == 0
                && c.receivedBytes == 0
                && c.exchangesDone == 0
                && !c.dialogue().speaksNow(c);
    }

    /** A request after a pause, of which the peer has acknowledged nothing when it shows that it is gone, came to a closed socket. */
    boolean metTheClose(Connection c) {
        return c.idleMicros >= AT_ONCE_MICROS && c.look(vitals) && vitals.unacknowledgedBytes >= c.sentBytes;
    }

    /**
     * An RST that answers a request comes a round trip after it. One that comes later, to a request that was acknowledged, is that of a
     * peer that had the request in hand.
     */
    private boolean wasTaken(Connection c, long now) {
        if (!c.look(vitals) || vitals.unacknowledgedBytes > 0) {
            return false;
        }
        long roundTripMicros = vitals.minRttMicros == Vitals.ABSENT ? vitals.rttMicros : vitals.minRttMicros;
        return (now - c.turnNanos) / 1000 > AT_ONCE_MICROS + roundTripMicros;
    }

    private static Incident lost(Connection c) {
        return c.idleMicros >= AT_ONCE_MICROS ? Incident.LOST_TO_IDLE_CLOSE : Incident.LOST_TO_CLOSE;
    }

    private static Incident closedIdle(Connection c, long idleMicros) {
        if (idleMicros >= shortestIdle(c)) {
            return Incident.CLOSED_WHILE_IDLE;
        }
        return c.exchangesDone > 0 ? Incident.CLOSED_AFTER_RESPONSE : Incident.CLOSED_ON_ACCEPT;
    }

    private static Incident resetIdle(Connection c, long idleMicros) {
        if (idleMicros >= shortestIdle(c)) {
            return Incident.RESET_WHILE_IDLE;
        }
        return c.exchangesDone > 0 ? Incident.RESET_AFTER_RESPONSE : Incident.RESET_ON_ACCEPT;
    }

    private static long shortestIdle(Connection c) {
        return c.exchangesDone > 0 ? AT_ONCE_MICROS : ON_ACCEPT_MICROS;
    }

    /** How long {@code c} has been idle. */
    static long idleMicros(Connection c, long now) {
        return Math.max(0, (now - c.markNanos) / 1000);
    }
}
