package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/** How a connection closes as planned, for any connection of a loop; keeps nothing itself. */
final class Closing {

    private final Shared shared;

    Closing(Shared shared) {
        this.shared = shared;
    }

    void begin(Connection c) {
        if (shared.securing == null || shared.securing.closing.mayClose(c)) {
            close(c);
        }
    }

    /** Closes, once TLS has said what it has to. */
    void close(Connection c) {
        Close close = c.close();
        switch (close.by()) {
            case CLIENT -> byClient(c, close);
            case SERVER -> {
                if (close.how() == CloseStyle.ABANDON) {
                    shared.releasing.release(c, ConnectionOutcome.COMPLETED);
                } else {
                    awaitFin(c);
                }
            }
        }
    }

    private void byClient(Connection c, Close close) {
        switch (close.how()) {
            case FIN -> byFin(c, close.awaitPeer());
            case HALF_CLOSE -> {
                if (!c.finSent) {
                    sendFin(c);
                }
                awaitFin(c);
            }
            case RST -> abort(c);
            case LINGER -> linger(c, close.lingerSeconds());
            case ABANDON -> abandon(c);
        }
    }

    private void byFin(Connection c, boolean awaitPeer) {
        if (awaitPeer) {
            sendFin(c);
            awaitFin(c);
        } else {
            c.ledger.closedFirst();
            shared.releasing.releaseSoon(c);
        }
    }

    /** The peer's FIN has not come in time; where it was only announced, we close, as a client does (RFC 9112 §9.6). */
    void timedOut(Connection c, long now) {
        if (shared.securing != null && shared.securing.closing.answersNotify(c)) {
            awaitFin(c);
        } else if (isAnnounced(c)) {
            sendFin(c);
            awaitFin(c);
        } else {
            shared.failures.closeTimedOut(c, now);
            shared.ending.end(c, ConnectionOutcome.CLOSE_TIMED_OUT, now);
        }
    }

    private static boolean isAnnounced(Connection c) {
        return c.announced && !c.finSent && !(c.lastExchange && c.close().by() == Side.SERVER);
    }

    /** A server that we asked to close first is to do so by FIN, having read everything but perhaps a body. */
    private static boolean isAnnouncedReset(Connection c) {
        boolean asked = c.lastExchange && c.close().by() == Side.SERVER;
        return c.announced && (!asked || c.dialogue().mayAnswerEarly(c));
    }

    void sendFin(Connection c) {
        if (shared.securing != null) {
            shared.securing.closing.beforeFin(c);
        }
        long before = System.nanoTime();
        int result = c.wire().shutdownOutput();
        long after = System.nanoTime();
        c.ledger.closedFirst();
        c.finSent = true;
        // A refusal means that the peer has reset or closed already; the read that follows says which.
        if (result == 0) {
            c.record(Metric.CLOSE_CALL, before, after - before);
        }
        c.finNanos = before;
    }

    void awaitFin(Connection c) {
        c.phase = Phase.AWAITING_FIN;
        if (shared.securing != null) {
            shared.securing.closing.awaitsFin(c);
        }
        if (c.peerHasClosed) {
            receiveFin(c);
        } else {
            c.wire().expect();
            shared.deadlines.set(c, System.nanoTime() + shared.options.closeTimeoutNanos());
        }
    }

    void receiveFin(Connection c) {
        int received;
        int reads = 0;
        do {
            received = c.wire().receive(shared.input);
        } while (received > 0 && ++reads < Hearing.MAX_READS);
        if (received == 0) {
            finReceived(c);
        } else if (received > 0) {
            c.wire().awaitAgain();
        } else if (received == Wire.AGAIN) {
            if (shared.securing != null) {
                shared.securing.closing.notedNotify(c);
            }
            c.wire().expect();
        } else if (received == Wire.RESET && (c.closesWith(Side.SERVER, CloseStyle.RST) || isOverByTls(c))) {
            shared.releasing.release(c, ConnectionOutcome.COMPLETED);
        } else if (received == Wire.RESET && isAnnouncedReset(c)) {
            // It closed, as announced, without having read everything: by RST (RFC 1122 §4.2.2.13).
            c.ledger.cutShort();
            shared.releasing.release(c, ConnectionOutcome.COMPLETED);
        } else {
            shared.ending.fail(c, "recv", -received);
        }
    }

    private boolean isOverByTls(Connection c) {
        return shared.securing != null && shared.securing.closing.isOverForBoth(c);
    }

    private void finReceived(Connection c) {
        long now = System.nanoTime();
        boolean announced = isAnnounced(c);
        if (announced) {
            c.ledger.announced();
        }
        if (announced || c.close().by() == Side.SERVER) {
            c.record(Metric.TEARDOWN, now, shared.releasing.release(c, ConnectionOutcome.COMPLETED) - now);
        } else {
            c.record(Metric.TEARDOWN, c.finNanos, now - c.finNanos);
            shared.ending.end(c, ConnectionOutcome.COMPLETED, now);
        }
    }

    /** The peer has closed where the dialogue expected it to. */
    void closedAsExpected(Connection c) {
        long now = System.nanoTime();
        if (c.finSent) {
            finReceived(c);
            return;
        }
        if (c.close().by() == Side.CLIENT) {
            c.ledger.announced();
        }
        c.record(Metric.TEARDOWN, now, shared.releasing.release(c, ConnectionOutcome.COMPLETED) - now);
    }

    /** A socket that is its own peer: by FIN it would hold the target's port in TIME_WAIT. */
    void abortOwn(Connection c) {
        long now = System.nanoTime();
        c.phase = Phase.CONNECTING;
        shared.failures.incident(c, Incident.CONNECTED_TO_ITSELF, now);
        c.wire().linger(0);
        shared.ending.end(c, ConnectionOutcome.SELF_CONNECTED, now);
    }

    private void abort(Connection c) {
        c.ledger.aborted();
        if (setLinger(c, 0)) {
            shared.releasing.releaseSoon(c);
        }
    }

    private void linger(Connection c, int seconds) {
        c.ledger.closedFirst();
        if (setLinger(c, seconds)) {
            shared.releasing.linger(c);
        }
    }

    /** Returns whether it was set; otherwise the connection has ended. */
    private boolean setLinger(Connection c, int seconds) {
        int result = c.wire().linger(seconds);
        if (result < 0) {
            shared.ending.fail(c, "setsockopt(SO_LINGER)", -result);
        }
        return result >= 0;
    }

    private void abandon(Connection c) {
        c.phase = Phase.ABANDONED;
        shared.deadlines.clear(c);
        c.wire().await(false);
        shared.abandoned(c);
    }
}
