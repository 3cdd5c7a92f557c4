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

    private final CauseTally causes;
    private final Sighting seen = new Sighting();
    private final Vitals vitals = new Vitals();
    private final EarlyEnds earlyEnds = new EarlyEnds(vitals);

    Failures(CauseTally causes) {
        this.causes = causes;
    }

    /** A system call failed. */
    void call(Connection c, String call, int errno, long now) {
        Incident incident = Incident.CALL_FAILED;
        if (errno == -Wire.RESET || errno == Errno.EPIPE.number()) {
            incident = earlyEnds.reset(c, errno, now);
        }
        begin(c, incident, now);
        if (incident == Incident.CALL_FAILED) {
            seen.call = call;
            seen.errno = Errno.of(errno);
        }
        causes.count(seen, now);
    }

    /** The peer's FIN came before the exchanges were over. */
    void closedEarly(Connection c, long now) {
        closedEarly(c, "", now);
    }

    /** As {@link #closedEarly(Connection, long)}; {@code said} is what the peer has just said unasked, or empty. */
    void closedEarly(Connection c, String said, long now) {
        Incident incident = earlyEnds.closed(c, now);
        begin(c, incident, now);
        if (incident == Incident.CLOSED_IN_RESPONSE) {
            seen.call = c.dialogue().soFar(c);
        } else if (incident == Incident.CLOSED_ON_ACCEPT && !said.isEmpty()) {
            seen.call = "after " + said;
        }
        causes.count(seen, now);
    }

    /** As {@link EarlyEnds#metTheClose}. */
    boolean metTheClose(Connection c) {
        return earlyEnds.metTheClose(c);
    }

    void exchangeTimedOut(Connection c, long now) {
        Incident incident;
        if (c.receivedBytes > 0) {
            incident = Incident.ANSWERED_IN_PART;
        } else if (!c.look(vitals)) {
            incident = Incident.NOT_ANSWERED;
        } else if (vitals.state == TcpState.SYN_SENT.number()) {
            incident = Incident.NEVER_ESTABLISHED;
        } else if (vitals.windowBytes == 0) {
            incident =
                    vitals.wasOpenMeanwhile((now - c.markNanos) / 1000) ? Incident.READ_SLOWLY : Incident.ZERO_WINDOW;
        } else if (vitals.isHeldBackByTheWindow()) {
            incident = Incident.READ_SLOWLY;
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
            boolean acknowledged = c.look(vitals) && vitals.state == TcpState.FIN_WAIT2.number();
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
        seen.acknowledgedBytes = connected && c.look(vitals) ? vitals.acknowledgedBytes : Sighting.UNKNOWN;
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
        seen.idleMicros = idle ? EarlyEnds.idleMicros(c, now) : hadPause ? c.idleMicros : Sighting.UNKNOWN;
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
}
