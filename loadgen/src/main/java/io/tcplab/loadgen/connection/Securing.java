package io.tcplab.loadgen.connection;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsEngine;
import io.tcplab.companion.tls.TlsVersion;
import io.tcplab.loadgen.connection.wire.SecureBuffers;
import io.tcplab.loadgen.connection.wire.SecureWire;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.plan.TlsOptions;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import java.util.List;

/** TLS between connect and the first exchange, for any connection of a loop; keeps nothing of a connection itself. */
final class Securing {

    /** How long a ticket is waited for where nothing else would be read: a server sends it right behind the handshake. */
    private static final long TICKET_NANOS = 100_000_000;

    private final Shared shared;
    private final Resumption resumption;
    private final SecureBuffers buffers = new SecureBuffers();

    /** What TLS has to say around a close. */
    final SecureClosing closing;

    Securing(Shared shared, TlsOptions options, List<Destination> destinations) {
        this.shared = shared;
        this.closing = new SecureClosing(shared, options.closeNotify());
        this.resumption = new Resumption(options.resume(), destinations);
    }

    /** The TCP handshake is over; the one of TLS follows. */
    void begin(Connection c, long now) {
        boolean resumes = resumption.isNext(c.target());
        TlsEngine engine = resumption.context(c.target()).open(resumes);
        SecureWire wire = new SecureWire(c.wire(), c, engine, buffers);
        c.wire = wire;
        c.phase = Phase.SECURING;
        c.markNanos = now;
        c.offersSession = resumes;
        shared.deadlines.set(c, now + shared.options.connectTimeoutNanos());
        advance(c, wire);
    }

    void ready(Connection c) {
        if (c.phase == Phase.SECURING) {
            advance(c, wire(c));
        } else {
            awaitEnd(c);
        }
    }

    static SecureWire wire(Connection c) {
        return (SecureWire) c.wire();
    }

    private void advance(Connection c, SecureWire wire) {
        // A peer that has closed already reads nothing of ours: all that matters is what it has said before.
        int result = c.peerHasClosed && wire.receivedBytes() == 0 ? wire.hear() : wire.handshake();
        if (c.finNanos != 0) {
            shared.handshake.sentWithRequest(c);
        }
        if (result == 0) {
            secured(c, wire);
        } else if (result == Wire.AGAIN) {
            if (wire.awaitsOutput()) {
                wire.await(true);
            } else {
                wire.expect();
            }
        } else if (result == SecureWire.CLOSED) {
            failed(c, Incident.CLOSED_IN_TLS_HANDSHAKE);
        } else if (result == Wire.RESET) {
            failed(c, Incident.RESET_IN_TLS_HANDSHAKE);
        } else {
            shared.ending.fail(c, "recv", -result);
        }
    }

    private void secured(Connection c, SecureWire wire) {
        long now = System.nanoTime();
        TlsEngine engine = wire.engine();
        boolean resumed = engine.resumed();
        c.record(resumed ? Metric.TLS_RESUMED : Metric.TLS, c.markNanos, now - c.markNanos);
        shared.recording.secured(c.markNanos, engine, resumed, c.offersSession);
        shared.deadlines.clear(c);
        if (needsTicket(c, engine)) {
            awaitTicket(c, wire, now);
        } else if (wire.hasEarlyAlert() && c.beginsBySending()) {
            shared.pause.closedOnAccept(c, now);
        } else {
            c.established(now);
        }
    }

    /** A ticket of TLS 1.3 comes behind the handshake: where nothing else is read, it would stay unread. */
    private boolean needsTicket(Connection c, TlsEngine engine) {
        return c.exchangesLeft == 0
                && !shared.holds
                && resumption.lacksSessions(c.target())
                && engine.version().equals(TlsVersion.V1_3.text());
    }

    private void awaitTicket(Connection c, SecureWire wire, long now) {
        c.phase = Phase.AWAITING_TICKET;
        shared.deadlines.set(c, now + TICKET_NANOS);
        wire.expect();
    }

    private void failed(Connection c, Incident incident) {
        long now = System.nanoTime();
        shared.failures.incident(c, incident, now);
        shared.ending.coolDown(c, ConnectionOutcome.TLS_FAILED, now);
    }

    /** TLS has failed, in the handshake or later. */
    void broke(Connection c, long now) {
        boolean inHandshake = c.phase == Phase.SECURING;
        shared.failures.tls(c, wire(c).failure(), now);
        if (inHandshake) {
            shared.ending.coolDown(c, ConnectionOutcome.TLS_FAILED, now);
        } else {
            shared.ending.end(c, ConnectionOutcome.TLS_FAILED, now);
        }
    }

    void timedOut(Connection c, long now) {
        switch (c.phase) {
            case AWAITING_TICKET -> {
                resumption.missedTicket(c.target());
                c.established(now);
            }
            case AWAITING_NOTIFY -> {
                shared.failures.incident(c, Incident.CLOSE_NOTIFY_NOT_ANSWERED, now);
                shared.ending.end(c, ConnectionOutcome.CLOSE_TIMED_OUT, now);
            }
            default -> failed(c, Incident.TLS_NOT_ESTABLISHED);
        }
    }

    /** Something came while a ticket, or the peer's close_notify, was waited for. */
    private void awaitEnd(Connection c) {
        SecureWire wire = wire(c);
        TlsContext context = resumption.context(c.target());
        long given = context.sessionsGiven();
        int received = 0;
        for (int reads = 0; reads < Hearing.MAX_READS; reads++) {
            received = wire.receive(shared.input);
            if (received <= 0) {
                break;
            }
        }
        if (c.phase == Phase.AWAITING_TICKET) {
            if (received == SecureWire.FAILED) {
                shared.ending.fail(c, "recv", -received);
            } else if (received != Wire.AGAIN || context.sessionsGiven() > given) {
                c.established(System.nanoTime());
            } else {
                wire.expect();
            }
        } else if (received == 0) {
            shared.closing.close(c);
        } else if (received > 0) {
            wire.awaitAgain();
        } else if (received == Wire.AGAIN) {
            wire.expect();
        } else {
            shared.ending.fail(c, "recv", -received);
        }
    }

    /** Gives the sessions back; called when no connection is left. */
    void close() {
        resumption.close();
    }
}
