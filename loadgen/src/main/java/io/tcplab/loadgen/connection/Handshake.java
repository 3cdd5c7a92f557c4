package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/**
 * From the socket to the established connection, for any connection of a loop; keeps nothing itself.
 *
 * <p>Where the peer is near, the handshake is over when connect(2) returns: what is seen then to be so was so at that time.
 */
final class Handshake {

    private static final int DRAW_LIFETIME = 1;

    /** A handshake that took this long is looked at: a SYN is sent again after 1 s at first, 200 ms is the least that may be set. */
    private static final long SLOW_NANOS = 150_000_000;

    private final Shared shared;
    private final Vitals vitals = new Vitals();

    Handshake(Shared shared) {
        this.shared = shared;
    }

    void begin(Connection c, long intendedStartNanos) {
        Wire wire = shared.wires.open(c, c.target());
        if (wire == null) {
            shared.ending.failToOpen(c, shared.wires.failedCall(), shared.wires.failureErrno());
            return;
        }
        c.wire = wire;
        long startNanos = System.nanoTime();
        while (startNanos - intendedStartNanos < 0) {
            // Some microseconds at most: the socket was ready before its time.
            Thread.onSpinWait();
            startNanos = System.nanoTime();
        }
        c.markNanos = startNanos;
        if (!shared.hasStarted) {
            shared.firstStarts(startNanos - intendedStartNanos);
        }
        int result = wire.connect();
        long returnedNanos = System.nanoTime();
        c.intendedNanos = shared.countsFromIntendedStart ? intendedStartNanos : startNanos;
        c.record(Metric.START_DELAY, startNanos, startNanos - intendedStartNanos);
        if (result == 0 || result == Wire.IN_PROGRESS) {
            c.ledger.connectCalled();
            called(c, wire, result == 0, returnedNanos);
        } else {
            if (ConnectionOutcome.of(Errno.ofResult(result)) == ConnectionOutcome.REFUSED) {
                c.ledger.connectCalled();
            }
            fail(c, -result);
        }
    }

    private void called(Connection c, Wire wire, boolean complete, long returnedNanos) {
        boolean sends = shared.securing == null && shared.proxyHeader == null && c.speaksFirst();
        boolean asksForRtt = shared.recording.asksForRtt(c.index);
        if (complete && shared.options.fastOpen() && (sends || shared.securing != null)) {
            c.finNanos = c.markNanos;
            established(c, c.markNanos);
        } else if (complete) {
            if (asksForRtt) {
                shared.recording.recordRtt(c.markNanos, wire.rttMicros());
            }
            established(c, returnedNanos);
        } else if (!shared.options.optimistic()) {
            await(c, wire);
        } else if (sends && !asksForRtt) {
            sendAtOnce(c, wire, returnedNanos);
        } else {
            look(c, wire, asksForRtt, returnedNanos);
        }
    }

    private void look(Connection c, Wire wire, boolean asksForRtt, long returnedNanos) {
        int result = wire.establishedNow();
        if (result == 1) {
            if (asksForRtt) {
                shared.recording.recordRtt(c.markNanos, wire.rttMicros());
            }
            established(c, returnedNanos);
        } else if (result < 0) {
            fail(c, -result);
        } else {
            await(c, wire);
        }
    }

    /** The request is its own look: as long as the handshake is in progress the socket takes nothing (tcp_sendmsg, net/ipv4/tcp.c). */
    private void sendAtOnce(Connection c, Wire wire, long returnedNanos) {
        long connectNanos = c.markNanos;
        drawLifetime(c, returnedNanos);
        int sent = shared.exchange.beginBySending(c, wire, returnedNanos);
        if (sent >= 0) {
            count(c, connectNanos, returnedNanos);
            if (metItself(c)) {
                shared.closing.abortOwn(c);
            } else {
                shared.exchange.sent(c, sent);
            }
            return;
        }
        c.phase = Phase.CONNECTING;
        c.markNanos = connectNanos;
        if (sent == Wire.AGAIN) {
            await(c, wire);
        } else {
            fail(c, -sent);
        }
    }

    private void await(Connection c, Wire wire) {
        wire.await(true);
        shared.deadlines.set(c, c.markNanos + shared.options.connectTimeoutNanos());
    }

    void ready(Connection c) {
        int result = c.wire().connectResult();
        if (result == 0) {
            established(c, System.nanoTime());
        } else if (result != Wire.IN_PROGRESS) {
            fail(c, -result);
        }
    }

    private void established(Connection c, long now) {
        count(c, c.markNanos, now);
        drawLifetime(c, now);
        ProxyHeader header = shared.proxyHeader;
        int sent = header == null || c.peerHasClosed ? 0 : header.send(c.wire(), shared.output, c.target());
        if (metItself(c)) {
            shared.closing.abortOwn(c);
        } else if (sent < 0) {
            shared.ending.failToOpen(c, "send", -sent);
        } else if (shared.securing != null) {
            shared.securing.begin(c, now);
        } else {
            c.established(now);
        }
    }

    private boolean metItself(Connection c) {
        return shared.wires.mayMeetItself(c.target()) && c.wire().isItsOwnPeer();
    }

    private static void drawLifetime(Connection c, long now) {
        Quantity lifetime = c.member().lifetimeNanos();
        if (lifetime != null) {
            c.lifetimeEndNanos = now + c.draw(lifetime, DRAW_LIFETIME);
        }
    }

    private void count(Connection c, long connectNanos, long now) {
        c.ledger.established();
        c.establishedNanos = now;
        if (c.finNanos == 0) {
            c.record(Metric.CONNECT, connectNanos, now - connectNanos);
            if (now - connectNanos >= SLOW_NANOS) {
                c.ledger.connectedSlowly(c.wire().look(vitals) && vitals.retransmits > 0);
            }
        }
    }

    /** Fast open: the SYN went out with the first request. The connect latency is known only if the handshake is over by now. */
    void sentWithRequest(Connection c) {
        if (c.wire().establishedNow() == 1) {
            c.record(Metric.CONNECT, c.finNanos, System.nanoTime() - c.finNanos);
        }
        c.finNanos = 0;
    }

    /** A server that aborts right after accept(2) may be faster than our look at the handshake: it went as planned. */
    private void fail(Connection c, int errno) {
        if (-errno == Wire.RESET && c.closesWith(Side.SERVER, CloseStyle.RST)) {
            c.ledger.established();
            shared.ending.end(c, ConnectionOutcome.COMPLETED, System.nanoTime());
        } else if (-errno != Wire.RESET || !wasTurnedAway(c)) {
            shared.ending.failToOpen(c, "connect", errno);
        }
    }

    /** An RST behind the handshake may come behind a response, by which the server turns the connection away: it can still be read. */
    private boolean wasTurnedAway(Connection c) {
        if (shared.securing != null || shared.proxyHeader != null || !c.speaksFirst()) {
            return false;
        }
        long connectNanos = c.markNanos;
        long now = System.nanoTime();
        drawLifetime(c, now);
        if (shared.exchange.unasked(c, now) != Dialogue.Progress.LAST) {
            c.phase = Phase.CONNECTING;
            c.markNanos = connectNanos;
            return false;
        }
        count(c, connectNanos, now);
        shared.hearing.turnedAway(c);
        return true;
    }
}
