package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.wire.SecureWire;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.TlsOptions.CloseNotify;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;
import java.util.Objects;

/** What TLS has to say around the close of any connection of a loop: close_notify, ours and the peer's. Keeps nothing of a connection. */
final class SecureClosing {

    /** How long the peer's FIN may come after its close_notify until that is answered. */
    private static final long ANSWER_NANOS = 10_000_000;

    private final Shared shared;
    private final CloseNotify closeNotify;

    SecureClosing(Shared shared, CloseNotify closeNotify) {
        this.shared = shared;
        this.closeNotify = closeNotify;
    }

    /**
     * Says what TLS has to say before a close of ours. Returns false where the peer's word is waited for: the close goes on when it has
     * come.
     */
    boolean mayClose(Connection c) {
        Close close = c.close();
        if (close.by() == Side.SERVER || close.how() == CloseStyle.ABANDON) {
            return true;
        }
        SecureWire wire = Securing.wire(c);
        beforeFin(c);
        if (closeNotify == CloseNotify.AWAIT && !c.finSent && !wire.hasEnded()) {
            c.phase = Phase.AWAITING_NOTIFY;
            shared.deadlines.set(c, System.nanoTime() + shared.options.closeTimeoutNanos());
            // It may have come with the end of the handshake, whose readiness is not told again.
            Objects.requireNonNull(shared.securing).ready(c);
            return false;
        }
        if (!wire.hasEnded()) {
            // What is unread when a socket is closed makes its FIN an RST (tcp_close, net/ipv4/tcp.c): a ticket, for
            // one.
            wire.receive(shared.input);
        }
        return true;
    }

    /** Our side is over. */
    void beforeFin(Connection c) {
        if (closeNotify != CloseNotify.SKIP) {
            Securing.wire(c).notifyClose();
        }
    }

    /** From now on the peer's FIN is waited for. */
    void awaitsFin(Connection c) {
        Securing.wire(c).untilFin(c.finSent && closeNotify == CloseNotify.SKIP);
    }

    /** The peer's close_notify has come: its FIN mostly follows, and an answer behind that would be met by RST. */
    void notedNotify(Connection c) {
        if (closeNotify != CloseNotify.SKIP && Securing.wire(c).awaitsNotify()) {
            shared.deadlines.set(c, System.nanoTime() + ANSWER_NANOS);
        }
    }

    /** Both sides have said that they end: a peer that closes with our word unread sends an RST in place of its FIN. */
    boolean isOverForBoth(Connection c) {
        return c.close().by() == Side.SERVER && Securing.wire(c).isOverForBoth();
    }

    /** The FIN has not followed: a peer may be waiting for ours (RFC 5246 §7.2.1). Returns whether it has been sent now. */
    boolean answersNotify(Connection c) {
        boolean answers = closeNotify != CloseNotify.SKIP && Securing.wire(c).awaitsNotify();
        if (answers) {
            Securing.wire(c).notifyClose();
        }
        return answers;
    }

    /** The connection is about to give its socket back. */
    void leave(Connection c, long now) {
        if (c.wire instanceof SecureWire wire) {
            if (c.peerHasClosed && c.phase != Phase.SECURING && wire.failure() == null && !wire.hasEnded()) {
                // epoll has told of a FIN that nobody has read: was close_notify before it?
                int ignored = wire.receive(shared.input);
            }
            shared.recording.securedBytes(c.markNanos, wire.sentBytes(), wire.receivedBytes());
            if (wire.isTruncated() && endedFirst(c, wire)) {
                shared.failures.incident(c, Incident.NO_CLOSE_NOTIFY, now);
            }
        }
    }

    /** A peer that closes after us has nothing left to cut off; many leave their close_notify out then. */
    private static boolean endedFirst(Connection c, SecureWire wire) {
        return c.phase == Phase.AWAITING_NOTIFY || (c.phase != Phase.SECURING && !c.finSent && !wire.isNotifySent());
    }
}
