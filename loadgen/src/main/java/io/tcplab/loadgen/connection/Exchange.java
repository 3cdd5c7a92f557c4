package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/** One request and its response, for any connection of a loop; keeps nothing itself. */
final class Exchange {

    /** How many full reads one readiness may cause before others have their turn. */
    static final int MAX_READS = 64;

    /** How many sends one readiness may cause before others have their turn. */
    private static final int MAX_SENDS = 16;

    /** How long a body waits for {@code 100 Continue} (RFC 9110 §10.1.1: not without end); as long as curl lets it. */
    private static final long CONTINUE_NANOS = 1_000_000_000;

    /** From this status on a response may mean that the rest of the request is not wanted. */
    private static final int LEAST_REFUSAL = 400;

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
        beginTurn(c, now);
        send(c);
    }

    private void turn(Connection c) {
        long now = System.nanoTime();
        c.dialogue().turn(c);
        beginTurn(c, now);
        if (c.peerHasClosed && c.dialogue().speaksNow(c)) {
            closedEarly(c, now);
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
            int sent = c.wire().send(shared.output, length);
            if (sent == Wire.AGAIN || sent == Wire.IN_PROGRESS) {
                c.wire().await(true);
                limit(c);
                return;
            } else if (sent < 0) {
                sendFailed(c, -sent);
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
        if (c.dialogue().mayAnswerEarly(c) && c.sentBytes > 0) {
            hear(c);
        }
        if (c.phase == Phase.SENDING) {
            send(c);
        }
    }

    /**
     * Takes what the peer says while it is still being sent a request. A whole response obliges to send the rest all the same, as the
     * next request would be taken for it (RFC 9112 §9.3), but where the peer refuses it and closes (§9.5).
     */
    private void hear(Connection c) {
        for (int reads = 0; reads < MAX_READS; reads++) {
            int received = c.wire().receive(shared.input);
            if (received == Wire.AGAIN) {
                return;
            } else if (received > 0 && c.answered) {
                c.corrupted(0);
                return;
            } else if (received == 0 && c.answered) {
                closedAfterAnswer(c);
                return;
            } else if (received < 0 && c.answered) {
                brokenAfterAnswer(c, "recv", -received);
                return;
            } else if (received <= 0) {
                receivedNothing(c, received);
                return;
            }
            Dialogue.Progress progress = c.dialogue().received(c, shared.input, received);
            c.receivedBytes = plus(c.receivedBytes, received);
            if (progress != Dialogue.Progress.MORE) {
                judged(c, progress);
                if (c.phase != Phase.SENDING) {
                    return;
                }
            }
        }
        c.wire().awaitAgain();
    }

    private void closedAfterAnswer(Connection c) {
        c.peerHasClosed = true;
        if (c.announced && !c.lastExchange) {
            shared.closing.awaitAnnounced(c, System.nanoTime());
        } else if (c.announced || (c.lastExchange && c.close().by() == Side.SERVER)) {
            shared.closing.endAsAnnounced(c);
        } else {
            long now = System.nanoTime();
            shared.failures.incident(c, Incident.CLOSED_AFTER_RESPONSE, now);
            c.end(ConnectionOutcome.CLOSED_EARLY, now);
        }
    }

    private void brokenAfterAnswer(Connection c, String call, int errno) {
        if (c.announced) {
            c.ledger.cutShort();
            shared.closing.endAsAnnounced(c);
        } else {
            c.fail(call, errno);
        }
    }

    /** A peer that does not take the whole request may have answered before it reset: what has come can still be read (tcp(7)). */
    private void sendFailed(Connection c, int errno) {
        boolean mayBeAnswered = !c.answered && c.sentBytes > 0 && c.dialogue().mayAnswerEarly(c);
        for (int reads = 0; mayBeAnswered && reads < MAX_READS; reads++) {
            int received = c.wire().receive(shared.input);
            if (received <= 0) {
                break;
            }
            Dialogue.Progress progress = c.dialogue().received(c, shared.input, received);
            c.receivedBytes = plus(c.receivedBytes, received);
            if (progress == Dialogue.Progress.MORE) {
                continue;
            }
            judged(c, progress);
            if (c.phase != Phase.SENDING) {
                return;
            }
            mayBeAnswered = false;
        }
        if (c.answered) {
            brokenAfterAnswer(c, "send", errno);
        } else {
            c.fail("send", errno);
        }
    }

    /** An endless response does not overflow. */
    private static int plus(int bytes, int more) {
        return (int) Math.min(Integer.MAX_VALUE, (long) bytes + more);
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
            judged(c, progress);
        } else if (c.peerHasClosed) {
            receive(c);
        } else {
            expect(c);
        }
    }

    private void expect(Connection c) {
        c.wire().expect();
        limit(c);
    }

    private void limit(Connection c) {
        shared.deadlines.set(c, c.turnNanos + shared.options.exchangeTimeoutNanos());
    }

    void receive(Connection c) {
        for (int reads = 0; reads < MAX_READS; reads++) {
            int received = c.wire().receive(shared.input);
            if (received <= 0) {
                receivedNothing(c, received);
                return;
            }
            Dialogue.Progress progress = c.dialogue().received(c, shared.input, received);
            c.receivedBytes = plus(c.receivedBytes, received);
            if (progress != Dialogue.Progress.MORE) {
                judged(c, progress);
                return;
            } else if (received < shared.input.size() && !c.peerHasClosed) {
                expect(c);
                return;
            }
        }
        c.wire().awaitAgain();
    }

    private void receivedNothing(Connection c, int received) {
        if (received == Wire.AGAIN) {
            expect(c);
        } else if (received < 0) {
            c.fail("recv", -received);
        } else {
            c.peerHasClosed = true;
            Dialogue.Progress progress = c.dialogue().receivedEnd(c);
            if (progress == Dialogue.Progress.MORE) {
                closedEarly(c, System.nanoTime());
            } else {
                judged(c, progress);
            }
        }
    }

    void closedEarly(Connection c, long now) {
        shared.failures.closedEarly(c, now);
        c.end(ConnectionOutcome.CLOSED_EARLY, now);
    }

    private void judged(Connection c, Dialogue.Progress progress) {
        int status = c.dialogue().status();
        if (status != 0) {
            shared.recording.status(c.route(), c.ledger, status);
        }
        switch (progress) {
            case COMPLETE -> complete(c);
            case TURN -> turn(c);
            case CLOSED -> {
                if (c.part == Dialogue.Part.EXCHANGE) {
                    count(c, System.nanoTime());
                }
                shared.closing.closedAsExpected(c);
            }
            case LAST -> {
                c.announced = true;
                complete(c);
            }
            case REFUSED -> c.corrupted(status);
            case CORRUPTED, MORE -> c.corrupted(0);
        }
    }

    private void complete(Connection c) {
        long now = System.nanoTime();
        switch (c.part) {
            case OPENING -> c.opened(now);
            case EXCHANGE -> {
                count(c, now);
                c.answered = true;
                if (c.sentBytes == c.requestBytes) {
                    c.exchanged(now);
                } else if (c.announced && c.dialogue().status() >= LEAST_REFUSAL) {
                    c.ledger.cutShort();
                    shared.closing.cutShort(c, now);
                }
            }
            case FAREWELL -> shared.closing.begin(c);
        }
    }

    private void count(Connection c, long now) {
        Incident surprise = c.dialogue().surprise();
        if (surprise != null) {
            c.ledger.unexpected();
            shared.failures.surprise(c, surprise, c.dialogue().status(), now);
        }
        c.ledger.exchanged();
        c.record(Metric.SERVICE, c.markNanos, now - c.markNanos);
        c.record(Metric.RESPONSE, c.markNanos, now - c.intendedNanos);
        c.exchangesLeft--;
        c.exchangesDone++;
    }
}
