package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Conversation;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.pace.DeadlineQueue;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The life of one connection, told in the order in which it happens: connect, exchange, think, close, end. It ends in exactly one
 * {@link ConnectionOutcome}. Confined to its event loop. How a step is made is told by {@link Handshake}, {@link Exchange},
 * {@link Hearing}, {@link Pause}, {@link Closing} and {@link Ending}, of which a loop has one each; what a connection keeps is here.
 *
 * <p>Wherever the peer is near, a step's result is often there when the call returns: the handshake after connect(2), the response
 * after another connection's start. So each step looks first, and waits for epoll only when there is nothing yet.
 */
final class Connection extends DeadlineQueue.Entry implements Wire.Owner, Conversation {

    private static final int DRAW_EXCHANGES = 0;

    private final Shared shared;
    long index;
    private int route;
    Ledger ledger;

    @Nullable
    Wire wire;

    Phase phase = Phase.CONNECTING;

    /** The loop's list of live connections. */
    @Nullable
    Connection previous;

    @Nullable
    Connection next;

    /** State that the dialogue keeps for this connection. */
    private @Nullable Object state;

    /** When the exchange in progress, or after a pause the next, was to begin. */
    long intendedNanos;

    /** When the step in progress began: connect, request, pause. */
    long markNanos;

    /** When the turn in progress began, or the pause before it. */
    long turnNanos;

    /** What is being said. */
    Dialogue.Part part = Dialogue.Part.EXCHANGE;

    /** When our FIN was handed over; before that, with fast open, when the handshake was asked for. */
    long finNanos;

    long establishedNanos;
    long lifetimeEndNanos = Long.MAX_VALUE;
    int exchangesLeft;
    int exchangesDone;

    /** Of the plan's exchanges, those that earlier connections have made which the peer closed as it had announced. */
    int exchangesBefore;

    /** How long nothing had been in progress when the request in progress began. */
    int idleMicros;

    int requestBytes;
    int responseBytes;
    int sentBytes;
    int receivedBytes;
    boolean lastExchange;
    boolean finSent;
    boolean peerHasClosed;

    /** A session was offered to the peer in the handshake of TLS. */
    boolean offersSession;

    /** The peer has said that it closes after the response in progress. */
    boolean announced;

    /** The response to the request in progress is complete. */
    boolean answered;

    /** Ended, and begins anew as another connection with the exchanges that are left. */
    boolean reconnects;

    /** Whether it is in the loop's list of live connections. */
    boolean listed;

    Connection(Shared shared) {
        this.shared = shared;
        this.ledger = shared.recording.ledger(0);
    }

    /** Begins; one that has ended may begin anew as another, so that a loop that has run for a while makes no garbage. */
    void start(long ofIndex, int ofRoute, long intendedStartNanos) {
        index = ofIndex;
        route = ofRoute;
        ledger = shared.recording.ledger(ofRoute);
        phase = Phase.CONNECTING;
        part = Dialogue.Part.EXCHANGE;
        state = null;
        exchangesBefore = 0;
        requestBytes = 0;
        responseBytes = 0;
        sentBytes = 0;
        receivedBytes = 0;
        lastExchange = false;
        offersSession = false;
        forget();
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
        if (dialogue().has(Dialogue.Part.OPENING)) {
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

    /** What is said once, before the exchanges, has been said. */
    void opened(long now) {
        if (shared.requests != null) {
            shared.requests.free(this, now);
        } else if (exchangesLeft > 0) {
            shared.exchange.begin(this, intendedNanos, now);
        } else if (shared.holds) {
            shared.pause.hold(this, now);
        } else {
            part(now);
        }
    }

    void exchanged(long now) {
        if (announced && (!lastExchange || closesWith(Side.CLIENT, CloseStyle.FIN))) {
            shared.closing.awaitAnnounced(this, now);
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
        if (dialogue().carriesCloseWish(close())) {
            lifetimeEndNanos = now;
            shared.exchange.begin(this, now, System.nanoTime());
        } else {
            part(now);
        }
    }

    /** Says what is left to say to a peer that is still there, and closes as planned. */
    private void part(long now) {
        if (!peerHasClosed && dialogue().has(Dialogue.Part.FAREWELL)) {
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

    /** Nothing of the connection before is left. */
    private void forget() {
        exchangesDone = 0;
        finNanos = 0;
        establishedNanos = 0;
        lifetimeEndNanos = Long.MAX_VALUE;
        idleMicros = 0;
        finSent = false;
        peerHasClosed = false;
        announced = false;
        answered = false;
        reconnects = false;
    }

    /** Begins as another connection, which has a slot already. */
    void reconnect() {
        reconnects = false;
        phase = Phase.CONNECTING;
        ledger = shared.recording.ledger(route);
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
        if (phase == Phase.THINKING || phase == Phase.HOLDING) {
            finish(now);
        } else if (phase == Phase.COOLING) {
            due(now);
        }
    }

    /** The run is over: what is still open is closed now and counted so. */
    void cut(long now) {
        if (phase == Phase.COOLING) {
            due(now);
        } else if (phase != Phase.ENDED && phase != Phase.LINGERING) {
            shared.ending.end(this, ConnectionOutcome.OPEN_AT_END, now);
        }
    }

    /** The warm-up is over: from here on this connection counts. */
    void carryOver(Ledger recorded) {
        if (phase != Phase.COOLING && phase != Phase.ABANDONED) {
            recorded.carryOver(ledger);
            ledger = recorded;
        }
    }

    /** The number of its target. */
    int target() {
        return shared.target(route);
    }

    MixMember member() {
        return shared.member(route);
    }

    Dialogue dialogue() {
        return shared.dialogue(route);
    }

    int route() {
        return route;
    }

    @Override
    public Close close() {
        return member().close();
    }

    boolean closesWith(Side by, CloseStyle how) {
        return close().by() == by && close().how() == how;
    }

    @Override
    public int requestBytes() {
        return requestBytes;
    }

    @Override
    public void requestBytes(int bytes) {
        requestBytes = bytes;
    }

    @Override
    public int responseBytes() {
        return responseBytes;
    }

    @Override
    public int receivedBytes() {
        return receivedBytes;
    }

    @Override
    public int patternSeed() {
        return (int) index * 31 + (exchangesBefore + exchangesDone) * 7;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public int exchange() {
        return exchangesBefore + exchangesDone;
    }

    @Override
    public long random(int draw) {
        return shared.random(index, draw);
    }

    @Override
    public void receivedEarly(int bytes) {
        receivedBytes += bytes;
    }

    @Override
    public void stepped(int step) {
        if (step >= 0) {
            shared.recording.recordStep(route, step, turnNanos, System.nanoTime() - turnNanos);
        }
    }

    @Override
    public @Nullable Object state() {
        return state;
    }

    @Override
    public void state(@Nullable Object kept) {
        state = kept;
    }

    /** A random quantity of this connection: the same in every run with this seed. */
    long draw(Quantity quantity, int draw) {
        return shared.draw(quantity, index, draw);
    }

    void record(Metric metric, long beganNanos, long nanos) {
        shared.recording.record(route, metric, beganNanos, nanos);
    }

    Wire wire() {
        Wire current = wire;
        if (current == null) {
            throw new IllegalStateException("connection " + index + " has no socket in phase " + phase);
        }
        return current;
    }
}
