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

    /** A shorter pause is no idle time: the request follows the response before it. */
    private static final int PAUSE_MICROS = 1_000;

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
            incident = reset(c, errno);
        }
        begin(c, incident, now);
        if (incident == Incident.CALL_FAILED) {
            seen.call = call;
            seen.errno = Errno.of(errno);
        }
        causes.count(seen, now);
    }

    private static Incident reset(Connection c, int errno) {
        return switch (c.phase) {
            case SENDING, RECEIVING -> {
                if (c.answered) {
                    yield Incident.RESET_AFTER_RESPONSE;
                } else if (c.phase == Phase.SENDING && c.sentBytes == 0 && c.exchangesDone > 0) {
                    // EPIPE: the FIN came before the RST (tcp_reset, net/ipv4/tcp_input.c)
                    yield errno == Errno.EPIPE.number() ? Incident.CLOSED_WHILE_IDLE : Incident.RESET_WHILE_IDLE;
                } else if (c.receivedBytes > 0) {
                    yield Incident.RESET_IN_RESPONSE;
                } else if (c.phase == Phase.SENDING && c.sentBytes > 0) {
                    yield Incident.RESET_WHILE_SENDING;
                }
                if (c.finSent) {
                    yield Incident.RESET_AFTER_HALF_CLOSE;
                }
                yield wasIdle(c) ? Incident.LOST_TO_IDLE_CLOSE : Incident.RESET_BEFORE_RESPONSE;
            }
            case PAUSING, THINKING, HOLDING -> Incident.RESET_WHILE_IDLE;
            case AWAITING_FIN, AWAITING_NOTIFY ->
                c.exchangesDone > 0 ? Incident.RESET_AFTER_RESPONSE : Incident.CALL_FAILED;
            case CONNECTING, SECURING, AWAITING_TICKET, LINGERING, ABANDONED, COOLING, ENDED -> Incident.CALL_FAILED;
        };
    }

    /** The peer's FIN came before the exchanges were over. */
    void closedEarly(Connection c, long now) {
        Incident incident = Incident.CLOSED_WHILE_IDLE;
        if (c.phase == Phase.SENDING || c.phase == Phase.RECEIVING) {
            incident = closedInExchange(c);
        }
        incident(c, incident, now);
    }

    /** A close that crossed the request on its way has not acknowledged it. */
    private Incident closedInExchange(Connection c) {
        if (c.receivedBytes > 0) {
            return Incident.CLOSED_IN_RESPONSE;
        }
        boolean taken = !look(c) || vitals.unacknowledgedBytes == 0;
        if (!taken && wasIdle(c)) {
            return Incident.LOST_TO_IDLE_CLOSE;
        }
        return c.finSent ? Incident.CLOSED_AFTER_HALF_CLOSE : Incident.CLOSED_WITHOUT_RESPONSE;
    }

    private static boolean wasIdle(Connection c) {
        return c.idleMicros >= PAUSE_MICROS;
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
            incident = Incident.ZERO_WINDOW;
        } else {
            incident = vitals.unacknowledgedBytes > 0 || c.phase == Phase.SENDING
                    ? Incident.NOT_ACKNOWLEDGED
                    : Incident.NOT_ANSWERED;
        }
        incident(c, incident, now);
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
        boolean idle = c.phase == Phase.THINKING || c.phase == Phase.HOLDING;
        boolean hadPause = (c.phase == Phase.SENDING || c.phase == Phase.RECEIVING) && c.idleMicros > 0;
        seen.incident = incident;
        seen.call = "";
        seen.errno = Errno.OK;
        seen.phase = c.phase;
        seen.status = 0;
        seen.idleMicros = idle ? Math.max(0, (now - c.markNanos) / 1000) : hadPause ? c.idleMicros : Sighting.UNKNOWN;
        boolean connected = c.phase != Phase.CONNECTING;
        seen.exchanges = connected ? c.exchangesDone : Sighting.UNKNOWN;
        seen.sentBytes = connected ? c.sentBytes : Sighting.UNKNOWN;
        seen.receivedBytes = connected ? c.receivedBytes : Sighting.UNKNOWN;
    }

    private boolean look(Connection c) {
        Wire wire = c.wire;
        return wire != null && c.establishedNanos != 0 && wire.look(vitals);
    }
}
