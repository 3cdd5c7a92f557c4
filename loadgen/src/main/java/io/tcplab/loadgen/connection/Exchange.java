package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/** One request and its response, for any connection of a loop; keeps nothing itself. */
final class Exchange {

    /** How many full reads one readiness may cause before others have their turn. */
    static final int MAX_READS = 64;

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
        send(c);
    }

    /** Begins, and sends what one call takes; returns what the call returned. */
    int beginBySending(Connection c, Wire wire, long now) {
        prepare(c, c.intendedNanos, now);
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
        c.sentBytes = 0;
        c.receivedBytes = 0;
        c.dialogue().begin(c, c.lastExchange);
        c.phase = Phase.SENDING;
        c.markNanos = now;
    }

    /** How long the connection pauses after the exchange that has just ended. */
    long thinkNanos(Connection c) {
        return c.draw(c.member().thinkNanos(), draw(c, DRAW_THINK));
    }

    private static int draw(Connection c, int quantity) {
        return quantity + c.exchangesDone * DRAWS;
    }

    void send(Connection c) {
        while (c.sentBytes < c.requestBytes) {
            int length = c.dialogue().fill(c, c.sentBytes, shared.output);
            int sent = c.wire().send(shared.output, length);
            if (sent == Wire.AGAIN || sent == Wire.IN_PROGRESS) {
                c.wire().await(true);
                limit(c);
                return;
            } else if (sent < 0) {
                c.fail("send", -sent);
                return;
            }
            c.sentBytes += sent;
        }
        requested(c);
    }

    private void requested(Connection c) {
        c.phase = Phase.RECEIVING;
        if (c.finNanos != 0) {
            shared.handshake.sentWithRequest(c);
        }
        if (c.lastExchange && c.closesWith(Side.CLIENT, CloseStyle.HALF_CLOSE)) {
            shared.closing.sendFin(c);
        }
        if (c.dialogue().answers(c)) {
            expect(c);
        } else {
            complete(c);
        }
    }

    private void expect(Connection c) {
        c.wire().expect();
        limit(c);
    }

    private void limit(Connection c) {
        shared.deadlines.set(c, c.markNanos + shared.options.exchangeTimeoutNanos());
    }

    void receive(Connection c) {
        for (int reads = 0; reads < MAX_READS; reads++) {
            int received = c.wire().receive(shared.input);
            if (received <= 0) {
                receivedNothing(c, received);
                return;
            }
            Dialogue.Progress progress = c.dialogue().received(c, shared.input, received);
            c.receivedBytes += received;
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
            if (progress == Dialogue.Progress.MORE || progress == Dialogue.Progress.CORRUPTED) {
                long now = System.nanoTime();
                shared.failures.closedEarly(c, now);
                c.end(ConnectionOutcome.CLOSED_EARLY, now);
            } else {
                judged(c, progress);
            }
        }
    }

    private void judged(Connection c, Dialogue.Progress progress) {
        int status = c.dialogue().status();
        if (status != 0) {
            shared.recording.status(c.markNanos, status);
        }
        switch (progress) {
            case COMPLETE -> complete(c);
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
        c.ledger.exchanged();
        c.record(Metric.SERVICE, c.markNanos, now - c.markNanos);
        c.record(Metric.RESPONSE, c.markNanos, now - c.intendedNanos);
        c.exchangesLeft--;
        c.exchangesDone++;
        c.exchanged(now);
    }
}
