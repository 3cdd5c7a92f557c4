package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.dialogue.Conversation;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.pace.DeadlineQueue;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import org.jspecify.annotations.Nullable;

/**
 * What a connection keeps from one step to the next: where it stands, when its steps began, what was sent and has come. What a dialogue may
 * know of it is here as well. Confined to its event loop; all fields are in this class, side by side in memory.
 */
abstract class ConnectionState extends DeadlineQueue.Entry implements Conversation {

    final Shared shared;
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

    /** Something was left in the socket whose readiness has been told. */
    boolean leftUnread;

    /** Ended, and begins anew as another connection with the exchanges that are left. */
    boolean reconnects;

    /** Whether it is in the loop's list of live connections. */
    boolean listed;

    /** Whether it is among those that wait for a request, perhaps as one that has ended meanwhile. */
    boolean awaitsRequest;

    ConnectionState(Shared shared) {
        this.shared = shared;
        this.ledger = shared.recording.ledger(0);
    }

    /** Becomes another connection, of which nothing has happened yet. */
    final void become(long ofIndex, int ofRoute) {
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
    }

    /** Nothing of the connection before is left. */
    final void forget() {
        exchangesDone = 0;
        finNanos = 0;
        establishedNanos = 0;
        lifetimeEndNanos = Long.MAX_VALUE;
        idleMicros = 0;
        finSent = false;
        peerHasClosed = false;
        announced = false;
        answered = false;
        leftUnread = false;
        reconnects = false;
    }

    /** The number of its target. */
    final int target() {
        return shared.target(route);
    }

    final MixMember member() {
        return shared.member(route);
    }

    final Dialogue dialogue() {
        return shared.dialogue(route);
    }

    final int route() {
        return route;
    }

    @Override
    public final Close close() {
        return member().close();
    }

    final boolean closesWith(Side by, CloseStyle how) {
        return close().by() == by && close().how() == how;
    }

    @Override
    public final int requestBytes() {
        return requestBytes;
    }

    @Override
    public final void requestBytes(int bytes) {
        requestBytes = bytes;
    }

    @Override
    public final int responseBytes() {
        return responseBytes;
    }

    @Override
    public final int receivedBytes() {
        return receivedBytes;
    }

    @Override
    public final int patternSeed() {
        return (int) index * 31 + (exchangesBefore + exchangesDone) * 7;
    }

    @Override
    public final long index() {
        return index;
    }

    @Override
    public final int exchange() {
        return exchangesBefore + exchangesDone;
    }

    @Override
    public final long random(int draw) {
        return shared.random(index, draw);
    }

    @Override
    public final void receivedEarly(int bytes) {
        receivedBytes += bytes;
    }

    @Override
    public final void stepped(int step) {
        if (step >= 0) {
            shared.recording.recordStep(route, step, turnNanos, System.nanoTime() - turnNanos);
        }
    }

    @Override
    public final @Nullable Object state() {
        return state;
    }

    @Override
    public final void state(@Nullable Object kept) {
        state = kept;
    }

    /** A random quantity of this connection: the same in every run with this seed. */
    final long draw(Quantity quantity, int draw) {
        return shared.draw(quantity, index, draw);
    }

    final void record(Metric metric, long beganNanos, long nanos) {
        shared.recording.record(route, metric, beganNanos, nanos);
    }

    final Wire wire() {
        Wire current = wire;
        if (current == null) {
            throw new IllegalStateException("connection " + index + " has no socket in phase " + phase);
        }
        return current;
    }

    /** Asks the kernel for what decides why the connection fails; returns whether it could tell. */
    final boolean look(Vitals vitals) {
        Wire current = wire;
        return current != null && establishedNanos != 0 && current.look(vitals);
    }
}
