package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Phase;
import java.util.Objects;

/**
 * The life of one connection, told in the order in which it happens: connect, exchange, think, close, end. It ends in exactly one
 * {@link ConnectionOutcome}. Confined to its event loop. How a step is made is told by {@link Handshake}, {@link Exchange},
 * {@link Hearing}, {@link Pause}, {@link Closing} and {@link Ending}, of which a loop has one each; what it keeps is its
 * {@link ConnectionState}.
 *
 * <p>Wherever the peer is near, a step's result is often there when the call returns: the handshake after connect(2), the response
 * after another connection's start. So each step looks first, and waits for epoll only when there is nothing yet.
 */
final class Connection extends ConnectionState implements Wire.Owner {

    private static final int DRAW_EXCHANGES = 0;

    Connection(Shared shared) {
        super(shared);
    }

    /** Begins; one that has ended may begin anew as another, so that a loop that has run for a while makes no garbage. */
    void start(long ofIndex, int ofRoute, long intendedStartNanos) {
        become(ofIndex, ofRoute);
        shared.beginStep();
        ledger.started();
        exchangesLeft = shared.requests == null ? (int) draw(member().exchanges(), DRAW_EXCHANGES) : Integer.MAX_VALUE;
        try {
            shared.handshake.begin(this, intendedStartNanos);
        } catch (RuntimeException e) {
            shared.ending.broke(this, e);
        }
    }

    void established(long now) {
        if (peerHasClosed && beginsBySending()) {
            shared.hearing.closedOnAccept(this, now);
        } else if (dialogue().has(Dialogue.Part.OPENING)) {
            shared.exchange.begin(this, Dialogue.Part.OPENING, now);
        } else {
            opened(now);
        }
    }

    /** Whether the first thing on it is that we send. */
    boolean speaksFirst() {
        Dialogue said = dialogue();
        return shared.requests == null && (exchangesLeft > 0 || said.has(Dialogue.Part.OPENING)) && said.speaksFirst();
    }

    /** Whether it begins by sending something: at once, after a pause, or when that is due. */
    boolean beginsBySending() {
        return dialogue().has(Dialogue.Part.OPENING)
                ? dialogue().speaksFirst(Dialogue.Part.OPENING)
                : exchangesLeft > 0 && dialogue().speaksFirst(Dialogue.Part.EXCHANGE);
    }

    /** What is said once, before the exchanges, has been said. */
    void opened(long now) {
        if (shared.requests != null) {
            shared.requests.free(this, now);
        } else if (exchangesLeft > 0 && hasClosedUnheard()) {
            shared.pause.foundClosedBeforeExchange(this, now);
        } else if (exchangesLeft > 0) {
            shared.exchange.begin(this, intendedNanos, now);
        } else if (shared.holds) {
            shared.pause.hold(this, now);
        } else {
            part(now);
        }
    }

    /** Whether the peer has closed, and the next exchange would send before it hears anything. */
    private boolean hasClosedUnheard() {
        return peerHasClosed
                && dialogue().speaksFirst(Dialogue.Part.EXCHANGE)
                && !dialogue().hasHeardMore(this);
    }

    void exchanged(long now) {
        if (announced && (!lastExchange || closesWith(Side.CLIENT, CloseStyle.FIN))) {
            shared.announced.await(this, now);
        } else if (lastExchange) {
            part(now);
        } else if (mustFinish(now)) {
            finish(now);
        } else if (shared.requests != null) {
            shared.requests.free(this, now);
        } else if (exchangesLeft <= 0) {
            shared.pause.hold(this, now);
        } else {
            shared.pause.think(this, now);
        }
    }

    /** Whether no further exchange is to be begun but one that asks the server to close. */
    boolean mustFinish(long now) {
        return shared.finishing || now >= lifetimeEndNanos;
    }

    /** Ends a connection between exchanges, as planned: by one last request where only a request can ask for it. */
    void finish(long now) {
        if (dialogue().carriesCloseWish(close()) && !peerHasClosed) {
            lifetimeEndNanos = now;
            shared.exchange.begin(this, now, System.nanoTime());
        } else {
            part(now);
        }
    }

    /** Says what is left to say to a peer that is still there, or hears what it has said before its FIN, and closes as planned. */
    private void part(long now) {
        boolean speaks = dialogue().has(Dialogue.Part.FAREWELL);
        if (speaks && (!peerHasClosed || !dialogue().speaksFirst(Dialogue.Part.FAREWELL))) {
            shared.exchange.begin(this, Dialogue.Part.FAREWELL, now);
        } else {
            shared.closing.begin(this);
        }
    }

    /** It is to begin as another connection, with the exchanges that are left. */
    void beginsAnew() {
        exchangesBefore += exchangesDone;
        forget();
        reconnects = true;
    }

    /** Begins as another connection, which has a slot already. */
    void reconnect() {
        reconnects = false;
        phase = Phase.CONNECTING;
        ledger = shared.recording.ledger(route());
        ledger.started();
        shared.handshake.begin(this, intendedNanos);
    }

    /** Reads from each cache line of this object, ahead of {@link #ready}: four fields that lie some 32 bytes apart. */
    @Override
    public int fetch() {
        return (isWaiting() ? 1 : 0) + (int) index + sentBytes + (phase == Phase.ENDED ? 1 : 0);
    }

    @Override
    public void ready(boolean hangUp) {
        peerHasClosed |= hangUp;
        shared.beginStep();
        try {
            switch (phase) {
                case CONNECTING -> shared.handshake.ready(this);
                case SECURING, AWAITING_TICKET, AWAITING_NOTIFY -> secured().ready(this);
                case SENDING -> shared.exchange.readyToSend(this);
                case RECEIVING -> shared.hearing.receive(this);
                case PAUSING -> shared.pause.disturbedWithin(this);
                case THINKING, HOLDING -> shared.pause.disturbed(this);
                case AWAITING_FIN -> shared.closing.receiveFin(this);
                case LINGERING, ABANDONED, COOLING, ENDED -> {}
            }
        } catch (RuntimeException e) {
            shared.ending.broke(this, e);
        }
    }

    @Override
    public void unsent(int bytes, int errno) {
        if (phase == Phase.ABANDONED) {
            return;
        }
        shared.beginStep();
        try {
            shared.exchange.unsent(this, bytes, errno);
        } catch (RuntimeException e) {
            shared.ending.broke(this, e);
        }
    }

    @Override
    public void closing() {
        peerHasClosed = true;
    }

    private Securing secured() {
        return Objects.requireNonNull(shared.securing);
    }

    @Override
    protected void due(long nowNanos) {
        shared.beginStep();
        try {
            switch (phase) {
                case CONNECTING -> shared.ending.connectTimedOut(this, nowNanos);
                case SECURING, AWAITING_TICKET, AWAITING_NOTIFY -> secured().timedOut(this, nowNanos);
                case SENDING -> {
                    if (!shared.exchange.goesOn(this, nowNanos)) {
                        shared.ending.exchangeTimedOut(this, nowNanos);
                    }
                }
                case RECEIVING -> shared.ending.exchangeTimedOut(this, nowNanos);
                case AWAITING_FIN -> shared.closing.timedOut(this, nowNanos);
                case PAUSING -> shared.pause.over(this, nowNanos);
                case THINKING -> shared.pause.thought(this, nowNanos);
                case HOLDING -> finish(nowNanos);
                case COOLING -> shared.ending.cooled(this, nowNanos);
                case LINGERING, ABANDONED, ENDED -> {}
            }
        } catch (RuntimeException e) {
            shared.ending.broke(this, e);
        }
    }

    /** The run is ending: a connection between exchanges closes as planned, another one does so at its next boundary. */
    void wrapUp(long now) {
        try {
            if (phase == Phase.THINKING || phase == Phase.HOLDING) {
                finish(now);
            } else if (phase == Phase.COOLING) {
                due(now);
            }
        } catch (RuntimeException e) {
            shared.ending.broke(this, e);
        }
    }

    /** The run is over: what is still open is closed now and counted so. */
    void cut(long now) {
        try {
            if (phase == Phase.COOLING) {
                due(now);
            } else if (phase == Phase.LINGERING) {
                wire = null; // another thread's, which waits in close(2)
                shared.ending.ended(this, ConnectionOutcome.OPEN_AT_END, now);
            } else if (phase != Phase.ENDED) {
                shared.ending.end(this, ConnectionOutcome.OPEN_AT_END, now);
            }
        } catch (RuntimeException e) {
            shared.ending.broke(this, e);
        }
    }

    /** The warm-up is over: from here on this connection counts, unless it has ended; returns whether it does. */
    boolean carryOver(Ledger recorded) {
        if (phase == Phase.COOLING || phase == Phase.ABANDONED) {
            return false;
        }
        recorded.carryOver(ledger);
        ledger = recorded;
        return true;
    }
}
