package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.Phase;

/** What a connection says, turn by turn, for any connection of a loop; keeps nothing itself. What it hears is {@link Hearing}'s. */
final class Exchange {

    /** How many sends one readiness may cause before others have their turn. */
    private static final int MAX_SENDS = 16;

    /** How long a body waits for {@code 100 Continue} (RFC 9110 §10.1.1: not without end); as long as curl lets it. */
    private static final long CONTINUE_NANOS = 1_000_000_000;

    private static final int DRAWS = 3;
    private static final int DRAW_REQUEST = 2;
    private static final int DRAW_RESPONSE = 3;
    private static final int DRAW_THINK = 4;

    private final Shared shared;

    Exchange(Shared shared) {
        this.shared = shared;
    }

    void begin(Connection c, long intendedNanos, long now) {
        prepare(c, intendedNanos, now);
        speak(c, now);
    }

    /** Says what is said once, before the exchanges or after them. */
    void begin(Connection c, Dialogue.Part part, long now) {
        prepare(c, part, now);
        speak(c, now);
    }

    /** Begins, and sends what one call takes; returns what the call returned. Only where a connection has something to say. */
    int beginBySending(Connection c, Wire wire, long now) {
        if (c.dialogue().has(Dialogue.Part.OPENING)) {
            prepare(c, Dialogue.Part.OPENING, now);
        } else {
            prepare(c, c.intendedNanos, now);
        }
        return wire.send(shared.output, c.dialogue().fill(c, 0, shared.output));
    }

    /**
     * Begins the first exchange without sending anything, where a peer may answer unasked; judges what has come of a response to it. MORE
     * = nothing, or not all.
     */
    Dialogue.Progress unasked(Connection c, long now) {
        Dialogue said = c.dialogue();
        if (!said.mayAnswerUnasked() || said.has(Dialogue.Part.OPENING)) {
            return Dialogue.Progress.MORE;
        }
        prepare(c, c.intendedNanos, now);
        int received = c.wire().receive(shared.input);
        c.receivedBytes = Math.max(0, received);
        return received > 0 ? said.received(c, shared.input, received) : Dialogue.Progress.MORE;
    }

    /** Goes on after {@link #beginBySending}. */
    void sent(Connection c, int bytes) {
        c.sentBytes = bytes;
        send(c);
    }

    private void prepare(Connection c, long intendedNanos, long now) {
        c.intendedNanos = intendedNanos;
        c.lastExchange = (!shared.holds && c.exchangesLeft == 1) || c.mustFinish(now);
        c.requestBytes = (int) c.draw(c.member().requestBytes(), draw(c, DRAW_REQUEST));
        c.responseBytes = (int) c.draw(c.member().responseBytes(), draw(c, DRAW_RESPONSE));
        c.part = Dialogue.Part.EXCHANGE;
        c.receivedBytes = 0;
        c.answered = false;
        c.dialogue().begin(c, c.lastExchange);
        c.markNanos = now;
        beginTurn(c, now);
    }

    private static void prepare(Connection c, Dialogue.Part part, long now) {
        c.part = part;
        c.lastExchange = part == Dialogue.Part.FAREWELL;
        c.receivedBytes = 0;
        c.answered = false;
        c.dialogue().begin(c, part);
        c.markNanos = now;
        beginTurn(c, now);
    }

    private static void beginTurn(Connection c, long now) {
        c.sentBytes = 0;
        c.phase = Phase.SENDING;
        c.turnNanos = now;
    }

    /** Sends what is said in this turn, after the pause that it may begin with. */
    private void speak(Connection c, long now) {
        long pauseNanos = c.dialogue().pauseNanos(c);
        if (pauseNanos > 0) {
            shared.pause.within(c, now, pauseNanos);
        } else {
            send(c);
        }
    }

    /** The pause within a part is over. */
    void paused(Connection c, long now) {
        c.dialogue().paused(c);
        if (c.leftUnread) {
            c.leftUnread = false;
            c.wire().awaitAgain();
        }
        beginTurn(c, now);
        send(c);
    }

    /** It is our turn to speak. */
    void turn(Connection c) {
        long now = System.nanoTime();
        c.dialogue().turn(c);
        beginTurn(c, now);
        if (c.peerHasClosed && c.dialogue().speaksNow(c)) {
            shared.hearing.closedEarly(c, now);
        } else if (c.dialogue().pauseNanos(c) == 0 && !shared.mayTurnInline()) {
            shared.pause.within(c, now, 0);
        } else {
            speak(c, now);
        }
    }

    /** How long the connection pauses after the exchange that has just ended. */
    long thinkNanos(Connection c) {
        return c.draw(c.member().thinkNanos(), draw(c, DRAW_THINK));
    }

    private static int draw(Connection c, int quantity) {
        return quantity + (c.exchangesBefore + c.exchangesDone) * DRAWS;
    }

    void send(Connection c) {
        int end = c.dialogue().sendableBytes(c);
        int sends = 0;
        while (c.sentBytes < end) {
            int length = c.dialogue().fill(c, c.sentBytes, shared.output);
            int sent = maySendSoon(c, length)
                    ? c.wire().sendSoon(shared.output, length)
                    : c.wire().send(shared.output, length);
            if (sent == Wire.AGAIN || sent == Wire.IN_PROGRESS) {
                c.wire().await(true);
                limit(c);
                return;
            } else if (sent < 0) {
                shared.hearing.sendFailed(c, -sent);
                return;
            }
            c.sentBytes += sent;
            if (++sends >= MAX_SENDS && c.sentBytes < end) {
                c.wire().await(true);
                c.wire().awaitAgain();
                limit(c);
                return;
            }
        }
        if (c.sentBytes < c.requestBytes) {
            awaitWord(c);
        } else if (c.answered) {
            c.exchanged(System.nanoTime());
        } else {
            requested(c);
        }
    }

    /** Whether this is a whole request, of which only the answer's time is measured, to a peer that is there. */
    private static boolean maySendSoon(Connection c, int length) {
        return c.sentBytes == 0
                && length == c.requestBytes
                && !c.peerHasClosed
                && c.dialogue().isTimedWithAnswer(c);
    }

    /** What the wire was to send soon could not be sent: as if {@link Wire#send} had said so. */
    void unsent(Connection c, int bytes, int errno) {
        c.sentBytes -= bytes;
        c.phase = Phase.SENDING;
        shared.hearing.sendFailed(c, errno);
    }

    /** The rest of the request waits for the peer's word. */
    private void awaitWord(Connection c) {
        c.wire().await(false);
        shared.deadlines.set(
                c, Math.min(System.nanoTime() + CONTINUE_NANOS, c.markNanos + shared.options.exchangeTimeoutNanos()));
    }

    /** Whether it waited for the peer's word, and goes on without it now. */
    boolean goesOn(Connection c, long now) {
        boolean waits =
                c.sentBytes < c.requestBytes && c.sentBytes == c.dialogue().sendableBytes(c);
        if (!waits || now >= c.markNanos + shared.options.exchangeTimeoutNanos()) {
            return false;
        }
        c.dialogue().sendRest(c);
        send(c);
        return true;
    }

    /** The request is in progress, and there may be room for more of it, or an answer already. */
    void readyToSend(Connection c) {
        boolean heard = c.dialogue().mayAnswerEarly(c) && c.sentBytes > 0;
        if (heard) {
            shared.hearing.early(c);
        }
        if (c.phase == Phase.SENDING) {
            send(c);
            if (!heard && c.phase == Phase.RECEIVING) {
                // An answer that came before the last byte was taken has been told, and not read.
                shared.hearing.receive(c);
            }
        }
    }

    private void requested(Connection c) {
        c.phase = Phase.RECEIVING;
        if (c.finNanos != 0 && !c.finSent) {
            shared.handshake.sentWithRequest(c);
        }
        if (c.lastExchange
                && !c.finSent
                && c.closesWith(Side.CLIENT, CloseStyle.HALF_CLOSE)
                && c.dialogue().hasSaidAll(c)) {
            shared.closing.sendFin(c);
        }
        Dialogue.Progress progress = c.dialogue().asked(c);
        if (progress != Dialogue.Progress.MORE) {
            shared.hearing.judged(c, progress);
        } else if (c.peerHasClosed || c.requestBytes == 0) {
            // Where nothing was sent, what is waited for may have come already, with a readiness that is not told
            // again.
            shared.hearing.receive(c);
        } else {
            shared.hearing.expect(c);
        }
    }

    /** It has the plan's time, from the turn's beginning. */
    void limit(Connection c) {
        shared.deadlines.set(c, c.turnNanos + shared.options.exchangeTimeoutNanos());
    }
}
