package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.dialogue.Escaped;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;

/**
 * The time in which a connection asks for nothing, between two exchanges or after the last, for any connection of a loop; keeps nothing
 * itself. What a peer does meanwhile is noticed when it comes, as by a client that polls its idle sockets.
 */
final class Pause {

    /** A pause this long is spent in epoll, so that the peer's FIN is noticed when it comes. */
    private static final long WATCH_NANOS = 1_000_000;

    /** After a shorter pause, but this long, the socket is looked at before the next request. */
    private static final long GLANCE_NANOS = 20_000;

    /** The peer's idle time begins when it sends, ours when we have received. */
    private static final long CLOCK_NANOS = 100_000_000;

    private final Shared shared;

    Pause(Shared shared) {
        this.shared = shared;
    }

    void think(Connection c, long now) {
        if (c.peerHasClosed && endsBehindResponse(c, now)) {
            return;
        }
        long thinkNanos = shared.exchange.thinkNanos(c);
        if (thinkNanos == 0 && shared.mayContinueInline()) {
            c.idleMicros = 0;
            shared.exchange.begin(c, now, now);
            return;
        }
        c.phase = Phase.THINKING;
        c.markNanos = now;
        if (thinkNanos >= WATCH_NANOS) {
            c.wire().await(false);
        }
        c.intendedNanos = now + thinkNanos;
        shared.deadlines.set(c, Math.min(c.intendedNanos, c.lifetimeEndNanos));
    }

    /** Ends one whose peer has closed, unless the next exchange begins with what is heard, and some of that has come before the FIN. */
    private boolean endsBehindResponse(Connection c, long now) {
        boolean listens = listensFirst(c);
        int next = listens && c.dialogue().hasHeardMore(c) ? 1 : c.wire().peek();
        if (listens && next > 0) {
            return false;
        } else if (next == Wire.RESET) {
            shared.ending.fail(c, "recv", -Wire.RESET);
        } else {
            shared.failures.incident(c, Incident.CLOSED_AFTER_RESPONSE, now);
            shared.ending.end(c, ConnectionOutcome.CLOSED_EARLY, now);
        }
        return true;
    }

    void thought(Connection c, long now) {
        if (c.mustFinish(now)) {
            c.finish(now);
        } else if (now - c.markNanos >= GLANCE_NANOS && hasEnded(c)) {
            return;
        } else {
            long begins = System.nanoTime();
            c.idleMicros = Math.clamp((begins - c.markNanos) / 1000, 0, Integer.MAX_VALUE);
            shared.exchange.begin(c, c.intendedNanos, begins);
        }
    }

    /**
     * Whether what came has ended the connection; what TLS has to say for itself does not. Of an awaited one too: the loop may be behind
     * with what epoll has for it, and a request is not to meet a close that our own kernel has already seen.
     */
    boolean hasEnded(Connection c) {
        if (c.wire().peek() == Wire.AGAIN) {
            return false;
        }
        disturbed(c);
        return c.phase != Phase.THINKING;
    }

    /** A pause of the dialogue, within what it says. */
    void within(Connection c, long now, long nanos) {
        c.phase = Phase.PAUSING;
        if (nanos >= WATCH_NANOS) {
            c.wire().await(false);
        }
        shared.deadlines.set(c, now + nanos);
    }

    void over(Connection c, long now) {
        if (!c.wire().isAwaited() && c.wire().peek() != Wire.AGAIN) {
            disturbedWithin(c);
        }
        if (c.phase == Phase.PAUSING) {
            shared.exchange.paused(c, now);
        }
    }

    /**
     * What comes is kept for later, as far as there is room: the rest stays in the socket, whose window stops the peer. To a peer that has
     * closed nothing is sent any more: then it is only read to see how it ended.
     */
    void disturbedWithin(Connection c) {
        Dialogue said = c.dialogue();
        boolean over = c.peerHasClosed && said.speaksNow(c);
        int received;
        int reads = 0;
        do {
            if (!over && !said.hasRoom(c)) {
                c.leftUnread = true;
                return;
            }
            received = c.wire().receive(shared.input);
            if (received > 0 && !over && !said.keeps(c, shared.input, received)) {
                shared.ending.corrupted(c, 0);
                return;
            }
        } while (received > 0 && ++reads < Hearing.MAX_READS);
        if (received > 0) {
            c.wire().awaitAgain();
        } else if (received == 0) {
            c.peerHasClosed = true;
            if (c.dialogue().speaksNow(c)) {
                shared.hearing.closedEarly(c, System.nanoTime());
            }
        } else if (received != Wire.AGAIN) {
            shared.ending.fail(c, "recv", -received);
        }
    }

    void hold(Connection c, long now) {
        c.phase = Phase.HOLDING;
        c.markNanos = now;
        if (c.peerHasClosed) {
            foundClosed(c, now);
            return;
        }
        c.wire().await(false);
        if (c.lifetimeEndNanos == Long.MAX_VALUE) {
            shared.deadlines.clear(c);
        } else {
            shared.deadlines.set(c, c.lifetimeEndNanos);
        }
    }

    /** The peer's end, a FIN or a close_notify, came with the handshake, before the first word of ours. */
    void closedOnAccept(Connection c, long now) {
        c.phase = Phase.HOLDING;
        c.markNanos = now;
        disturbed(c);
        if (c.phase == Phase.HOLDING) {
            // It was no end: a warning of TLS.
            c.peerHasClosed = false;
            c.established(now);
        }
    }

    /** Whether the next exchange begins with what is heard. */
    private static boolean listensFirst(Connection c) {
        return !c.dialogue().speaksFirst(Dialogue.Part.EXCHANGE);
    }

    /** Something came while nothing was asked for: the end, or what the peer says unasked. */
    void disturbed(Connection c) {
        int said = 0;
        for (int reads = 0; reads < Hearing.MAX_READS; reads++) {
            if (c.phase == Phase.THINKING && listensFirst(c) && c.dialogue().hasHeardMore(c)) {
                // The next exchange only listens: it reads the rest when it has used up what was kept.
                return;
            }
            int received = c.wire().receive(shared.input);
            if (received == 0) {
                closedWhileIdle(c, said, System.nanoTime());
                return;
            } else if (received == Wire.AGAIN) {
                return;
            } else if (received < 0) {
                shared.ending.fail(c, "recv", -received);
                return;
            } else if (!isIgnored(c) && !c.dialogue().tolerates(c, shared.input, received)) {
                unasked(c, received);
                return;
            }
            c.receivedBytes = Hearing.plus(c.receivedBytes, received);
            said = received;
        }
        c.wire().awaitAgain();
    }

    /** A held connection has no exchange left: what a server pushes on it is no answer. */
    private static boolean isIgnored(Connection c) {
        return c.phase == Phase.HOLDING && c.dialogue().ignoresTheRest();
    }

    /** A server may say why it closes an idle connection: HTTP 408 (RFC 9110 §15.5.9). */
    private void unasked(Connection c, int received) {
        int status = c.dialogue().statusOf(shared.input, received);
        if (status < Hearing.LEAST_REFUSAL) {
            // Not a response, or one to nothing: only a refusal says why a connection is closed.
            shared.ending.corrupted(c, 0);
        } else {
            long now = System.nanoTime();
            shared.failures.status(c, status, now);
            shared.ending.end(c, ConnectionOutcome.CLOSED_EARLY, now);
        }
    }

    /** A connection whose next exchange has not begun has been closed already: nothing is sent. */
    void foundClosedBeforeExchange(Connection c, long now) {
        c.phase = Phase.THINKING;
        c.markNanos = now;
        foundClosed(c, now);
    }

    /** A connection of which nothing is asked has been closed already. */
    void foundClosed(Connection c, long now) {
        if (!wasReset(c)) {
            closedWhileIdle(c, 0, now);
        }
    }

    /** Readiness says the same of a FIN and of an RST (EPOLLRDHUP, tcp_poll() in net/ipv4/tcp.c): ends one that was reset. */
    private boolean wasReset(Connection c) {
        boolean reset = c.wire().peek() == Wire.RESET;
        if (reset) {
            shared.ending.fail(c, "recv", -Wire.RESET);
        }
        return reset;
    }

    /** {@code said} = bytes in the buffer that came right before: a server that turns a connection away may say why. */
    private void closedWhileIdle(Connection c, int said, long now) {
        if (c.phase == Phase.THINKING && now - c.markNanos >= c.dialogue().announcedIdleNanos(c) - CLOCK_NANOS) {
            shared.announced.whileIdle(c, now);
        } else {
            shared.failures.closedEarly(c, said == 0 ? "" : Escaped.of(shared.input, said), now);
            shared.ending.end(c, ConnectionOutcome.CLOSED_EARLY, now);
        }
    }
}
