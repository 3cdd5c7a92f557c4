package io.tcplab.loadgen.connection;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.pace.DeadlineQueue;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The life of one connection, told in the order in which it happens: connect, exchange, think, close, end. It ends in exactly one
 * {@link ConnectionOutcome}. Confined to its event loop.
 *
 * <p>Wherever the peer is near, a step's result is often there when the call returns: the handshake after connect(2), the response
 * after another connection's start. So each step looks first, and waits for epoll only when there is nothing yet.
 */
final class Connection extends DeadlineQueue.Entry {

    /** What the connection waits for. */
    private enum Phase {
        CONNECTING,
        SENDING,
        RECEIVING,
        THINKING,
        HOLDING,
        AWAITING_FIN,
        LINGERING,
        ABANDONED,
        COOLING,
        ENDED
    }

    private static final int DRAW_EXCHANGES = 0;
    private static final int DRAW_LIFETIME = 1;
    private static final int DRAWS_PER_EXCHANGE = 3;
    private static final int DRAW_REQUEST = 2;
    private static final int DRAW_RESPONSE = 3;
    private static final int DRAW_THINK = 4;

    /** How many full reads one readiness may cause before others have their turn. */
    private static final int MAX_READS = 64;

    /** A failed start frees its slot this much later, so that a dead target does not make the generator spin. */
    private static final long COOLING_NANOS = 10_000_000;

    private final LoadLoop loop;
    private final long index;
    private final int memberNumber;
    private Ledger ledger;
    private @Nullable Wire wire;
    private Phase phase = Phase.CONNECTING;

    /** The loop's list of live connections. */
    @Nullable
    Connection previous;

    @Nullable
    Connection next;

    /** State that a dialogue keeps for this connection. */
    @Nullable
    Object dialogueState;

    private long intendedNanos;
    /** When the step under way began: connect, request, end of the think time. */
    private long markNanos;

    /** When our FIN was handed over; before that, with fast open, when the handshake was asked for. */
    private long finNanos;

    private long establishedNanos;
    private long lifetimeEndNanos = Long.MAX_VALUE;
    private int exchangesLeft;
    private int exchangesDone;
    private int requestBytes;
    private int responseBytes;
    private int sentBytes;
    private int receivedBytes;
    private boolean lastExchange;
    private boolean finSent;
    private boolean peerHasClosed;

    /** Whether it is in the loop's list of live connections. */
    boolean listed;

    Connection(LoadLoop loop, long index, int memberNumber, Ledger ledger) {
        this.loop = loop;
        this.index = index;
        this.memberNumber = memberNumber;
        this.ledger = ledger;
    }

    // ---- connect
    // ----------------------------------------------------------------------------------------------------------

    void start(long intendedStartNanos) {
        loop.beginStep();
        ledger.started();
        MixMember member = member();
        exchangesLeft = (int) draw(member.exchanges(), DRAW_EXCHANGES);
        Wire opened = loop.wires().open(this);
        if (opened == null) {
            long now = System.nanoTime();
            loop.countCause(loop.wires().failedCall(), loop.wires().failureErrno(), now);
            coolDown(ConnectionOutcome.of(Errno.of(loop.wires().failureErrno())), now);
            return;
        }
        wire = opened;
        long startNanos = System.nanoTime();
        while (startNanos - intendedStartNanos < 0) {
            // Some microseconds at most: the socket was ready before its time.
            Thread.onSpinWait();
            startNanos = System.nanoTime();
        }
        markNanos = startNanos;
        int result = opened.connect();
        long returnedNanos = System.nanoTime();
        intendedNanos = loop.countsFromIntendedStart() ? intendedStartNanos : startNanos;
        record(Metric.START_DELAY, startNanos, startNanos - intendedStartNanos);
        if (result == 0 || result == Wire.IN_PROGRESS) {
            ledger.connectCalled();
            if (result == 0 && loop.options().fastOpen() && exchangesLeft > 0) {
                finNanos = startNanos;
                established(startNanos);
            } else {
                handshake(opened, result == 0, returnedNanos);
            }
        } else {
            if (ConnectionOutcome.of(Errno.of(-result)) == ConnectionOutcome.REFUSED) {
                ledger.connectCalled();
            }
            failToConnect("connect", -result);
        }
    }

    /** What is seen now to be so was so when connect(2) returned: that is the time at which the handshake was complete. */
    private void handshake(Wire opened, boolean complete, long returnedNanos) {
        boolean asksForRtt = loop.asksForRtt(index);
        if (complete) {
            established(returnedNanos);
        } else if (!loop.optimistic()) {
            awaitHandshake(opened);
        } else if (exchangesLeft > 0 && !asksForRtt) {
            sendAtOnce(opened, returnedNanos);
        } else {
            look(opened, asksForRtt, returnedNanos);
        }
    }

    private void look(Wire opened, boolean asksForRtt, long returnedNanos) {
        int result = opened.establishedNow();
        if (result == 1) {
            if (asksForRtt) {
                loop.recordRtt(markNanos, opened.rttMicros());
            }
            established(returnedNanos);
        } else if (result < 0) {
            failToConnect("connect", -result);
        } else {
            awaitHandshake(opened);
        }
    }

    /** The request is its own look: as long as the handshake is under way the socket takes nothing (tcp_sendmsg, net/ipv4/tcp.c). */
    private void sendAtOnce(Wire opened, long returnedNanos) {
        long connectNanos = markNanos;
        drawLifetime(returnedNanos);
        beginExchange(intendedNanos, returnedNanos);
        int length = loop.dialogue().fill(this, 0, loop.output());
        int sent = opened.send(loop.output(), length);
        if (sent >= 0) {
            countEstablished(connectNanos, returnedNanos);
            sentBytes = sent;
            send();
            return;
        }
        phase = Phase.CONNECTING;
        markNanos = connectNanos;
        if (sent == Wire.AGAIN) {
            awaitHandshake(opened);
        } else {
            failToConnect("connect", -sent);
        }
    }

    private void awaitHandshake(Wire opened) {
        opened.await(true);
        loop.deadlines().set(this, markNanos + loop.options().connectTimeoutNanos());
    }

    private void handshakeReady() {
        int result = wire().connectResult();
        if (result == 0) {
            established(System.nanoTime());
        } else if (result != Wire.IN_PROGRESS) {
            failToConnect("connect", -result);
        }
    }

    private void established(long now) {
        countEstablished(markNanos, now);
        drawLifetime(now);
        if (exchangesLeft > 0) {
            exchange(intendedNanos, now);
        } else if (loop.holds()) {
            hold();
        } else {
            close();
        }
    }

    private void countEstablished(long connectNanos, long now) {
        ledger.established();
        establishedNanos = now;
        if (finNanos == 0) {
            record(Metric.CONNECT, connectNanos, now - connectNanos);
        }
    }

    private void drawLifetime(long now) {
        if (member().lifetimeNanos() != null) {
            lifetimeEndNanos = now + draw(member().lifetimeNanos(), DRAW_LIFETIME);
        }
    }

    private void failToConnect(String call, int errno) {
        long now = System.nanoTime();
        if (-errno == Wire.RESET && closesWith(Close.By.SERVER, Close.How.RST)) {
            // A server that aborts right after accept(2) may be faster than our look at the handshake: it went as
            // planned.
            ledger.established();
            end(ConnectionOutcome.COMPLETED, now);
            return;
        }
        loop.countCause(call, errno, now);
        coolDown(ConnectionOutcome.of(Errno.of(errno)), now);
    }

    // ---- exchange
    // ---------------------------------------------------------------------------------------------------------

    private void exchange(long intended, long now) {
        beginExchange(intended, now);
        send();
    }

    private void beginExchange(long intended, long now) {
        intendedNanos = intended;
        lastExchange = (!loop.holds() && exchangesLeft == 1) || mustFinish(now);
        requestBytes = (int) draw(member().requestBytes(), exchangeDraw(DRAW_REQUEST));
        responseBytes = (int) draw(member().responseBytes(), exchangeDraw(DRAW_RESPONSE));
        sentBytes = 0;
        receivedBytes = 0;
        loop.dialogue().begin(this, lastExchange);
        phase = Phase.SENDING;
        markNanos = now;
    }

    private void send() {
        while (sentBytes < requestBytes) {
            int length = loop.dialogue().fill(this, sentBytes, loop.output());
            int sent = wire().send(loop.output(), length);
            if (sent == Wire.AGAIN || sent == Wire.IN_PROGRESS) {
                wire().await(true);
                limitExchange();
                return;
            } else if (sent < 0) {
                fail("send", -sent);
                return;
            }
            sentBytes += sent;
        }
        phase = Phase.RECEIVING;
        if (finNanos != 0) {
            handshakeSentWithRequest();
        }
        if (lastExchange && closesWith(Close.By.CLIENT, Close.How.HALF_CLOSE)) {
            sendFin();
        }
        if (loop.dialogue().answers(this)) {
            expectResponse();
        } else {
            exchanged(System.nanoTime());
        }
    }

    /** Fast open: the SYN went out with the first request. The connect latency is known only if the handshake is over by now. */
    private void handshakeSentWithRequest() {
        if (wire().establishedNow() == 1) {
            record(Metric.CONNECT, finNanos, System.nanoTime() - finNanos);
        }
        finNanos = 0;
    }

    private void expectResponse() {
        wire().expect();
        limitExchange();
    }

    private void limitExchange() {
        loop.deadlines().set(this, markNanos + loop.options().exchangeTimeoutNanos());
    }

    private void receive() {
        for (int reads = 0; reads < MAX_READS; reads++) {
            int received = wire().receive(loop.input());
            if (received <= 0) {
                receivedNothing(received);
                return;
            }
            Dialogue.Progress progress = loop.dialogue().received(this, loop.input(), received);
            receivedBytes += received;
            if (progress == Dialogue.Progress.COMPLETE) {
                exchanged(System.nanoTime());
                return;
            } else if (progress == Dialogue.Progress.CORRUPTED) {
                corrupted();
                return;
            } else if (received < loop.input().size() && !peerHasClosed) {
                expectResponse();
                return;
            }
        }
        wire().awaitAgain();
    }

    private void receivedNothing(int received) {
        if (received == Wire.AGAIN) {
            expectResponse();
        } else if (received < 0) {
            fail("recv", -received);
        } else if (loop.dialogue().receivedEnd(this) == Dialogue.Progress.COMPLETE) {
            peerHasClosed = true;
            exchanged(System.nanoTime());
        } else {
            end(ConnectionOutcome.CLOSED_EARLY, System.nanoTime());
        }
    }

    private void corrupted() {
        loop.countCause("the response is not what was asked for", 0, System.nanoTime());
        end(ConnectionOutcome.CORRUPTED, System.nanoTime());
    }

    private void exchanged(long now) {
        ledger.exchanged();
        record(Metric.SERVICE, markNanos, now - markNanos);
        record(Metric.RESPONSE, markNanos, now - intendedNanos);
        exchangesLeft--;
        exchangesDone++;
        if (lastExchange) {
            close();
        } else if (mustFinish(now)) {
            finish(now);
        } else if (exchangesLeft <= 0) {
            hold();
        } else {
            think(now);
        }
    }

    /** Whether no further exchange is to be begun but one that asks the server to close. */
    private boolean mustFinish(long now) {
        return loop.isEnding() || now >= lifetimeEndNanos;
    }

    /** Ends a connection between exchanges, as planned: by one last request where only a request can ask for it. */
    private void finish(long now) {
        if (loop.dialogue().carriesCloseWish(member().close())) {
            lifetimeEndNanos = now;
            exchange(now, System.nanoTime());
        } else {
            close();
        }
    }

    // ---- think, hold
    // ------------------------------------------------------------------------------------------------------

    private void think(long now) {
        if (peerHasClosed) {
            end(ConnectionOutcome.CLOSED_EARLY, now);
            return;
        }
        long thinkNanos = draw(member().thinkNanos(), exchangeDraw(DRAW_THINK));
        if (thinkNanos == 0 && loop.mayContinueInline()) {
            exchange(now, now);
            return;
        }
        phase = Phase.THINKING;
        markNanos = now + thinkNanos;
        loop.deadlines().set(this, Math.min(markNanos, lifetimeEndNanos));
    }

    private void hold() {
        phase = Phase.HOLDING;
        if (peerHasClosed) {
            end(ConnectionOutcome.CLOSED_EARLY, System.nanoTime());
            return;
        }
        wire().await(false);
        if (lifetimeEndNanos == Long.MAX_VALUE) {
            loop.deadlines().clear(this);
        } else {
            loop.deadlines().set(this, lifetimeEndNanos);
        }
    }

    private void thought(long now) {
        if (mustFinish(now)) {
            finish(now);
        } else {
            exchange(markNanos, System.nanoTime());
        }
    }

    /** Something came while nothing was asked for: only the end can. */
    private void disturbed() {
        int received = wire().receive(loop.input());
        if (received > 0) {
            corrupted();
        } else if (received == 0) {
            end(ConnectionOutcome.CLOSED_EARLY, System.nanoTime());
        } else if (received != Wire.AGAIN) {
            fail("recv", -received);
        }
    }

    // ---- close
    // ------------------------------------------------------------------------------------------------------------

    private void close() {
        Close close = member().close();
        switch (close.by()) {
            case CLIENT -> {
                switch (close.how()) {
                    case FIN -> closeByFin(close);
                    case HALF_CLOSE -> {
                        if (!finSent) {
                            sendFin();
                        }
                        awaitFin();
                    }
                    case RST -> abort();
                    case LINGER -> linger(close.lingerSeconds());
                    case ABANDON -> abandon();
                }
            }
            case SERVER -> {
                if (close.how() == Close.How.ABANDON) {
                    release(ConnectionOutcome.COMPLETED);
                } else {
                    awaitFin();
                }
            }
        }
    }

    private void closeByFin(Close close) {
        if (close.awaitPeer()) {
            sendFin();
            awaitFin();
        } else {
            ledger.closedFirst();
            release(ConnectionOutcome.COMPLETED);
        }
    }

    private void sendFin() {
        long before = System.nanoTime();
        int result = wire().shutdownOutput();
        long after = System.nanoTime();
        ledger.closedFirst();
        finSent = true;
        // A refusal means that the peer has reset or closed already; the read that follows says which.
        if (result == 0) {
            record(Metric.CLOSE_CALL, before, after - before);
        }
        finNanos = before;
    }

    private void awaitFin() {
        phase = Phase.AWAITING_FIN;
        if (peerHasClosed) {
            receiveFin();
        } else {
            wire().expect();
            loop.deadlines().set(this, System.nanoTime() + loop.options().closeTimeoutNanos());
        }
    }

    private void receiveFin() {
        int received;
        int reads = 0;
        do {
            received = wire().receive(loop.input());
        } while (received > 0 && ++reads < MAX_READS);
        boolean byServer = member().close().by() == Close.By.SERVER;
        if (received == 0) {
            finReceived(byServer);
        } else if (received > 0) {
            wire().awaitAgain();
        } else if (received == Wire.AGAIN) {
            wire().expect();
        } else if (byServer && member().close().how() == Close.How.RST && received == Wire.RESET) {
            release(ConnectionOutcome.COMPLETED);
        } else {
            fail("recv", -received);
        }
    }

    private void finReceived(boolean passive) {
        long now = System.nanoTime();
        if (passive) {
            record(Metric.TEARDOWN, now, release(ConnectionOutcome.COMPLETED) - now);
        } else {
            record(Metric.TEARDOWN, finNanos, now - finNanos);
            end(ConnectionOutcome.COMPLETED, now);
        }
    }

    private void abort() {
        ledger.aborted();
        int result = wire().linger(0);
        if (result < 0) {
            fail("setsockopt(SO_LINGER)", -result);
        } else {
            release(ConnectionOutcome.COMPLETED);
        }
    }

    private void linger(int seconds) {
        ledger.closedFirst();
        int result = wire().linger(seconds);
        if (result < 0) {
            fail("setsockopt(SO_LINGER)", -result);
            return;
        }
        phase = Phase.LINGERING;
        loop.deadlines().clear(this);
        loop.closeElsewhere(this, wire().detach());
    }

    /** The close(2) that another thread made for us has returned. */
    void lingered(long beforeNanos, long afterNanos, int result) {
        record(Metric.CLOSE_CALL, beforeNanos, afterNanos - beforeNanos);
        if (result < 0) {
            loop.countCause("close", -result, afterNanos);
        }
        wire = null;
        ended(result < 0 ? ConnectionOutcome.FAILED : ConnectionOutcome.COMPLETED, afterNanos);
    }

    private void abandon() {
        phase = Phase.ABANDONED;
        loop.deadlines().clear(this);
        wire().await(false);
        loop.abandoned(this);
    }

    // ---- end
    // --------------------------------------------------------------------------------------------------------------

    /** Closes by close(2), as the plan has it, and ends; returns when close(2) had returned. */
    private long release(ConnectionOutcome outcome) {
        long before = System.nanoTime();
        int result = wire().release();
        long after = System.nanoTime();
        wire = null;
        record(Metric.CLOSE_CALL, before, after - before);
        if (result < 0) {
            loop.countCause("close", -result, after);
        }
        ended(outcome, after);
        return after;
    }

    private void fail(String call, int errno) {
        long now = System.nanoTime();
        loop.countCause(call, errno, now);
        end(ConnectionOutcome.of(Errno.of(errno)), now);
    }

    /** Gives the descriptor back, whatever the state, and ends. */
    private void end(ConnectionOutcome outcome, long now) {
        Wire current = wire;
        wire = null;
        if (current != null && current.release() < 0) {
            loop.countCause("close", Errno.EIO.number(), now);
        }
        ended(outcome, now);
    }

    private void ended(ConnectionOutcome outcome, long now) {
        phase = Phase.ENDED;
        loop.deadlines().clear(this);
        if (establishedNanos != 0 && outcome == ConnectionOutcome.COMPLETED) {
            record(Metric.LIFETIME, establishedNanos, now - establishedNanos);
        }
        ledger.ended(outcome);
        loop.dialogue().ended(this);
        loop.ended(this, now);
    }

    /** Ends a connection that could not be opened, and keeps its slot for a moment. */
    private void coolDown(ConnectionOutcome outcome, long now) {
        Wire current = wire;
        wire = null;
        if (current != null && current.release() < 0) {
            loop.countCause("close", Errno.EIO.number(), now);
        }
        ledger.ended(outcome);
        phase = Phase.COOLING;
        loop.deadlines().set(this, now + COOLING_NANOS);
    }

    /** Reads from each cache line of this object, ahead of {@link #ready}: four fields that lie some 32 bytes apart. */
    int fetch() {
        return (isWaiting() ? 1 : 0) + (int) index + sentBytes + (phase == Phase.ENDED ? 1 : 0);
    }

    // ---- what wakes it
    // ----------------------------------------------------------------------------------------------------

    /** Readiness; {@code hangUp} = the peer's FIN is known to have come. */
    void ready(boolean hangUp) {
        peerHasClosed |= hangUp;
        loop.beginStep();
        switch (phase) {
            case CONNECTING -> handshakeReady();
            case SENDING -> send();
            case RECEIVING -> receive();
            case THINKING, HOLDING -> disturbed();
            case AWAITING_FIN -> receiveFin();
            case LINGERING, ABANDONED, COOLING, ENDED -> {}
        }
    }

    @Override
    protected void due(long nowNanos) {
        loop.beginStep();
        switch (phase) {
            case CONNECTING -> coolDown(ConnectionOutcome.TIMED_OUT, nowNanos);
            case SENDING, RECEIVING -> end(ConnectionOutcome.EXCHANGE_TIMED_OUT, nowNanos);
            case AWAITING_FIN -> end(ConnectionOutcome.CLOSE_TIMED_OUT, nowNanos);
            case THINKING -> thought(nowNanos);
            case HOLDING -> finish(nowNanos);
            case COOLING -> {
                phase = Phase.ENDED;
                loop.ended(this, nowNanos);
            }
            case LINGERING, ABANDONED, ENDED -> {}
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
            end(ConnectionOutcome.OPEN_AT_END, now);
        }
    }

    /** The warm-up is over: from here on this connection counts. */
    void carryOver(Ledger recorded) {
        if (phase != Phase.COOLING && phase != Phase.ABANDONED) {
            recorded.carryOver(ledger);
            ledger = recorded;
        }
    }

    // ---- facts
    // ------------------------------------------------------------------------------------------------------------

    MixMember member() {
        return loop.member(memberNumber);
    }

    int memberNumber() {
        return memberNumber;
    }

    int requestBytes() {
        return requestBytes;
    }

    /** A dialogue whose request has another size than the profile's says so when the exchange begins. */
    void requestBytes(int bytes) {
        requestBytes = bytes;
    }

    int responseBytes() {
        return responseBytes;
    }

    int receivedBytes() {
        return receivedBytes;
    }

    /** The seed of this exchange's bytes: different for neighbours, so that mixed-up answers are noticed. */
    int patternSeed() {
        return (int) index * 31 + exchangesDone * 7;
    }

    private boolean closesWith(Close.By by, Close.How how) {
        return member().close().by() == by && member().close().how() == how;
    }

    /** Random bits cost 10 ns, and most quantities want none. */
    private long draw(Quantity quantity, int draw) {
        return quantity instanceof Quantity.Constant constant
                ? constant.value()
                : quantity.draw(loop.random(index, draw));
    }

    private int exchangeDraw(int draw) {
        return draw + exchangesDone * DRAWS_PER_EXCHANGE;
    }

    private void record(Metric metric, long beganNanos, long nanos) {
        loop.record(memberNumber, metric, beganNanos, nanos);
    }

    private Wire wire() {
        Wire current = wire;
        if (current == null) {
            throw new IllegalStateException("connection " + index + " has no socket in phase " + phase);
        }
        return current;
    }
}
