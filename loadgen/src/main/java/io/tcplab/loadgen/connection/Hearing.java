package io.tcplab.loadgen.connection;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/**
 * What a connection hears, and what follows from it: the response, also one that comes while the request is still being sent, or an end.
 * For any connection of a loop; keeps nothing itself.
 */
final class Hearing {

    /** How many full reads one readiness may cause before others have their turn. */
    static final int MAX_READS = 64;

    /** From this status on a response may mean that the rest of the request, or the connection, is not wanted. */
    static final int LEAST_REFUSAL = 400;

    /** RFC 9110 §15.5.9: a server may say so before it closes an idle connection. */
    private static final int REQUEST_TIMEOUT = 408;

    private final Shared shared;

    Hearing(Shared shared) {
        this.shared = shared;
    }

    /** Waits for more. */
    void expect(Connection c) {
        c.wire().expect();
        shared.exchange.limit(c);
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
            shared.ending.fail(c, "recv", -received);
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
        shared.ending.end(c, ConnectionOutcome.CLOSED_EARLY, now);
    }

    /**
     * Takes what the peer says while it is still being sent a request. A whole response obliges to send the rest all the same, as the
     * next request would be taken for it (RFC 9112 §9.3), but where the peer refuses it and closes (§9.5).
     */
    void early(Connection c) {
        for (int reads = 0; reads < MAX_READS; reads++) {
            int received = c.wire().receive(shared.input);
            if (received == Wire.AGAIN) {
                return;
            } else if (received > 0 && c.answered) {
                shared.ending.corrupted(c, 0);
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
            shared.announced.await(c, System.nanoTime());
        } else if (c.announced || (c.lastExchange && c.close().by() == Side.SERVER)) {
            shared.announced.end(c);
        } else {
            long now = System.nanoTime();
            shared.failures.incident(c, Incident.CLOSED_AFTER_RESPONSE, now);
            shared.ending.end(c, ConnectionOutcome.CLOSED_EARLY, now);
        }
    }

    private void brokenAfterAnswer(Connection c, String call, int errno) {
        if (c.announced) {
            c.ledger.cutShort();
            shared.announced.end(c);
        } else {
            shared.ending.fail(c, call, errno);
        }
    }

    /** A peer that does not take the whole request may have answered before it reset: what has come can still be read (tcp(7)). */
    void sendFailed(Connection c, int errno) {
        boolean turnedAway = mayBeTurnedAway(c);
        boolean mayBeAnswered =
                turnedAway || (!c.answered && c.sentBytes > 0 && c.dialogue().mayAnswerEarly(c));
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
            c.peerHasClosed |= turnedAway;
            judged(c, progress);
            if (c.phase != Phase.SENDING) {
                return;
            }
            mayBeAnswered = false;
        }
        if (c.answered) {
            brokenAfterAnswer(c, "send", errno);
        } else {
            shared.ending.fail(c, "send", errno);
        }
    }

    /** A peer has answered, announced its close, and reset before anything was sent. */
    void turnedAway(Connection c) {
        c.peerHasClosed = true;
        judged(c, Dialogue.Progress.LAST);
        if (c.phase == Phase.SENDING) {
            c.ledger.cutShort();
            shared.announced.end(c);
        }
    }

    /**
     * The peer's FIN came with the handshake, before the first word of ours: nothing is sent. What the peer said before it is read, and a
     * whole response is the answer of a server that turns a connection away.
     */
    void closedOnAccept(Connection c, long now) {
        c.receivedBytes = 0;
        Dialogue.Progress progress = shared.requests == null ? shared.exchange.unasked(c, now) : Dialogue.Progress.MORE;
        if (progress != Dialogue.Progress.MORE) {
            c.requestBytes = 0;
            judged(c, progress);
        } else if (c.receivedBytes > 0) {
            closedEarly(c, now);
        } else {
            shared.pause.closedOnAccept(c, now);
        }
    }

    /** Of the first request nothing could be sent. */
    private static boolean mayBeTurnedAway(Connection c) {
        return c.sentBytes == 0 && c.exchangesDone == 0 && c.dialogue().mayAnswerUnasked();
    }

    /** An endless response does not overflow. */
    static int plus(int bytes, int more) {
        return (int) Math.min(Integer.MAX_VALUE, (long) bytes + more);
    }

    void judged(Connection c, Dialogue.Progress progress) {
        int status = c.dialogue().status();
        if (status == REQUEST_TIMEOUT && shared.failures.metTheClose(c)) {
            lostToIdleClose(c, System.nanoTime());
            return;
        }
        if (status != 0) {
            shared.recording.status(c.route(), c.ledger, status);
        }
        switch (progress) {
            case COMPLETE -> complete(c);
            case TURN -> shared.exchange.turn(c);
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
            case REFUSED -> shared.ending.corrupted(c, status);
            case CORRUPTED, MORE -> shared.ending.corrupted(c, 0);
        }
    }

    /** What the server said of an idle connection crossed the request, and is no answer to it: that would acknowledge it. */
    private void lostToIdleClose(Connection c, long now) {
        shared.failures.incident(c, Incident.LOST_TO_IDLE_CLOSE, now);
        shared.ending.end(c, ConnectionOutcome.CLOSED_EARLY, now);
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
                    shared.announced.cutShort(c, now);
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
