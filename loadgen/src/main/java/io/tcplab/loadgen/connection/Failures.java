package io.tcplab.loadgen.connection;

import io.tcplab.companion.tls.TlsFailure;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Sighting;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a connection ends otherwise than planned, from its phase, from what it has sent and received, and from what the kernel
 * knows of it at that moment; keeps no connection.
 */
final class Failures {

    /** No idle timeout is as short: what ends a connection so soon after its last response, or after the handshake, does so at once. */
    private static final int AT_ONCE_MICROS = 10_000;

    /** Nor of a connection on which nothing was asked yet; a server that turns one away may do so on its next tick. */
    private static final int ON_ACCEPT_MICROS = 100_000;

    /** TCP_RTO_MIN, from which the interval of probes begins ({@code tcp_probe0_base}, include/net/tcp.h). */
    private static final long LEAST_PROBE_MICROS = 200_000;

    /** The kernel's own is less (tcp_retries2). */
    private static final int MOST_BACKOFF = 30;

    private final CauseTally causes;
    private final Sighting seen = new Sighting();
    private final Vitals vitals = new Vitals();

    Failures(CauseTally causes) {
        this.causes = causes;
    }

    /** A system call failed. */
    void call(Connection c, String call, int errno, long now) {
        Incident incident = Incident.CALL_FAILED;
        if (errno == -Wire.RESET || errno == Errno.EPIPE.number()) {
            incident = reset(c, errno, now);
        }
        begin(c, incident, now);
        if (incident == Incident.CALL_FAILED) {
            seen.call = call;
            seen.errno = Errno.of(errno);
        }
        causes.count(seen, now);
    }

    private Incident reset(Connection c, int errno, long now) {
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

    /** The peer's FIN came before the exchanges were over. */
    void closedEarly(Connection c, long now) {
        closedEarly(c, "", now);
    }

    /** As {@link #closedEarly(Connection, long)}; {@code said} is what the peer has just said unasked, or empty. */
    void closedEarly(Connection c, String said, long now) {
        Incident incident = switch (c.phase) {
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
        begin(c, incident, now);
        if (incident == Incident.CLOSED_IN_RESPONSE) {
            seen.call = c.dialogue().soFar(c);
        } else if (incident == Incident.CLOSED_ON_ACCEPT && !said.isEmpty()) {
            seen.call = "after " + said;
        }
        causes.count(seen, now);
    }

    /** A close that crossed the request on its way has acknowledged nothing of it. */
    private Incident closedInExchange(Connection c, long now) {
        if (c.receivedBytes > 0) {
            return Incident.CLOSED_IN_RESPONSE;
        }
        if (hasSaidNothing(c)) {
            return closedIdle(c, idleMicros(c, now));
        }
        boolean crossed = look(c) && vitals.unacknowledgedBytes > 0 && vitals.unacknowledgedBytes >= c.sentBytes;
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
        return c.idleMicros >= AT_ONCE_MICROS && look(c) && vitals.unacknowledgedBytes >= c.sentBytes;
    }

    /**
     * An RST that answers a request comes a round trip after it. One that comes later, to a request that was acknowledged, is that of a
     * peer that had the request in hand.
     */
    private boolean wasTaken(Connection c, long now) {
        if (!look(c) || vitals.unacknowledgedBytes > 0) {
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

    private static long idleMicros(Connection c, long now) {
        return Math.max(0, (now - c.markNanos) / 1000);
    }

    void exchangeTimedOut(Connection c, long now) {
        Incident incident;
        if (c.receivedBytes > 0) {
            incident = Incident.ANSWERED_IN_PART;
        } else if (!look(c)) {
            incident = Incident.NOT_ANSWERED;
        } else if (vitals.state == TcpState.SYN_SENT.number()) {
            incident = Incident.NEVER_ESTABLISHED;
        } else if (vitals.windowBytes == 0) {
            incident = hasReadMeanwhile((now - c.markNanos) / 1000) ? Incident.READ_SLOWLY : Incident.ZERO_WINDOW;
        } else if (isHeldBackByTheWindow()) {
            incident = Incident.READ_SLOWLY;
        } else {
            incident = vitals.unacknowledgedBytes > 0 || c.phase == Phase.SENDING
                    ? Incident.NOT_ACKNOWLEDGED
                    : Incident.NOT_ANSWERED;
        }
        incident(c, incident, now);
    }

    /**
     * A closed window is probed at twice the interval each time ({@code tcp_probe0_when}, include/net/tcp.h), so that the number of probes
     * shows for how long it can have been closed. Where it has held the request back for more than twice as long, it has been open
     * meanwhile: a peer that reads, but slowly.
     */
    private boolean hasReadMeanwhile(long requestMicros) {
        long interval = Math.max(vitals.retransmissionMicros, LEAST_PROBE_MICROS);
        long closedAtMost = interval * ((2L << Math.min(vitals.backoff, MOST_BACKOFF)) - 1);
        return Math.min(requestMicros, vitals.windowLimitedMicros) > 2 * closedAtMost;
    }

    /** More remains than the window takes, which has held it back for most of the time: a peer that reads, but slowly. */
    private boolean isHeldBackByTheWindow() {
        return vitals.windowBytes != Vitals.ABSENT
                && vitals.unacknowledgedBytes > vitals.windowBytes
                && 2 * vitals.windowLimitedMicros > vitals.busyMicros;
    }

    void closeTimedOut(Connection c, long now) {
        Incident incident = Incident.SERVER_DID_NOT_CLOSE;
        if (c.finSent) {
            boolean acknowledged = look(c) && vitals.state == TcpState.FIN_WAIT2.number();
            incident = acknowledged ? Incident.FIN_NOT_ANSWERED : Incident.FIN_NOT_ACKNOWLEDGED;
        }
        incident(c, incident, now);
    }

    void incident(Connection c, Incident incident, long now) {
        begin(c, incident, now);
        if (incident == Incident.CLOSED_IN_RESPONSE || incident == Incident.ANSWERED_IN_PART) {
            seen.call = c.dialogue().soFar(c);
        }
        causes.count(seen, now);
    }

    /** What came is not what was asked for; {@code words} say more, or are empty. */
    void mismatch(Connection c, String words, long now) {
        begin(c, Incident.NOT_WHAT_WAS_ASKED, now);
        seen.call = words;
        causes.count(seen, now);
    }

    void status(Connection c, int status, long now) {
        begin(c, Incident.STATUS, now);
        seen.status = status;
        causes.count(seen, now);
    }

    /** A whole response is not as expected, and the connection goes on: the kernel is not asked. */
    void surprise(Connection c, Incident incident, int status, long now) {
        fill(c, incident, now);
        seen.status = incident == Incident.STATUS ? status : 0;
        seen.acknowledgedBytes = Sighting.UNKNOWN;
        causes.count(seen, now);
    }

    /** TLS has failed. */
    void tls(Connection c, @Nullable TlsFailure failure, long now) {
        TlsFailure seenFailure = failure == null ? new TlsFailure(TlsFailure.Kind.PROTOCOL, "unknown") : failure;
        begin(
                c,
                switch (seenFailure.kind()) {
                    case ALERT -> Incident.TLS_ALERT;
                    case CERTIFICATE -> Incident.CERTIFICATE_REFUSED;
                    case NOT_TLS -> Incident.NOT_TLS;
                    case PROTOCOL -> Incident.TLS_BROKEN;
                },
                now);
        seen.call = seenFailure.detail();
        causes.count(seen, now);
    }

    void broke(Connection c, RuntimeException broken, long now) {
        begin(c, Incident.BROKE, now);
        StackTraceElement[] trace = broken.getStackTrace();
        seen.call = broken.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + trace[0]);
        causes.count(seen, now);
    }

    private void begin(Connection c, Incident incident, long now) {
        fill(c, incident, now);
        boolean connected = c.phase != Phase.CONNECTING;
        seen.acknowledgedBytes = connected && look(c) ? vitals.acknowledgedBytes : Sighting.UNKNOWN;
    }

    private void fill(Connection c, Incident incident, long now) {
        boolean idle = c.phase == Phase.THINKING
                || c.phase == Phase.HOLDING
                || (c.phase == Phase.AWAITING_FIN && incident == Incident.RESET_WHILE_IDLE);
        boolean hadPause = (c.phase == Phase.SENDING || c.phase == Phase.RECEIVING) && c.idleMicros > 0;
        seen.incident = incident;
        seen.call = "";
        seen.errno = Errno.OK;
        seen.phase = c.phase;
        seen.status = 0;
        seen.idleMicros = idle ? idleMicros(c, now) : hadPause ? c.idleMicros : Sighting.UNKNOWN;
        if (incident == Incident.CLOSED_AFTER_RESPONSE) {
            // The same, whether the FIN was found with the response or a moment later.
            seen.phase = Phase.RECEIVING;
            seen.idleMicros = Sighting.UNKNOWN;
        }
        boolean connected = c.phase != Phase.CONNECTING;
        seen.ageMicros = c.establishedNanos != 0 ? Math.max(0, (now - c.establishedNanos) / 1000) : Sighting.UNKNOWN;
        seen.exchanges = connected ? c.exchangesDone : Sighting.UNKNOWN;
        seen.sentBytes = connected ? c.sentBytes : Sighting.UNKNOWN;
        seen.receivedBytes = connected ? c.receivedBytes : Sighting.UNKNOWN;
    }

    private boolean look(Connection c) {
        Wire wire = c.wire;
        return wire != null && c.establishedNanos != 0 && wire.look(vitals);
    }
}
