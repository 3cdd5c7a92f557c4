package io.tcplab.loadgen.connection;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.SecureWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/**
 * How a connection comes to its outcome, as planned or not, and what its slot is for then: another connection, at once or after a
 * moment, or the exchanges that this one has left. For any connection of a loop; keeps nothing itself.
 */
final class Ending {

    /** A failed start frees its slot this much later, so that a dead target does not make the generator spin. */
    private static final long COOLING_NANOS = 10_000_000;

    private final Shared shared;

    Ending(Shared shared) {
        this.shared = shared;
    }

    /** What has come was not asked for; {@code status} = the HTTP status by which it was refused, or 0. */
    void corrupted(Connection c, int status) {
        long now = System.nanoTime();
        if (status == 0) {
            shared.failures.mismatch(c, c.dialogue().mismatch(), now);
        } else {
            shared.failures.status(c, status, now);
        }
        end(c, ConnectionOutcome.CORRUPTED, now);
    }

    /** A system call on its socket has failed, or TLS has. */
    void fail(Connection c, String call, int errno) {
        long now = System.nanoTime();
        if (shared.securing != null && errno == -SecureWire.FAILED) {
            shared.securing.broke(c, now);
            return;
        }
        shared.failures.call(c, call, errno, now);
        end(c, ConnectionOutcome.of(Errno.of(errno)), now);
    }

    void exchangeTimedOut(Connection c, long now) {
        shared.failures.exchangeTimedOut(c, now);
        end(c, ConnectionOutcome.EXCHANGE_TIMED_OUT, now);
    }

    /** A fault of ours ends this connection alone, with an outcome; the cause makes the run invalid. */
    void broke(Connection c, RuntimeException broken) {
        long now = System.nanoTime();
        shared.failures.broke(c, broken, now);
        if (c.phase != Phase.ENDED && c.phase != Phase.COOLING) {
            end(c, ConnectionOutcome.FAILED, now);
        }
    }

    /** Gives the descriptor back, whatever the state, and ends. */
    void end(Connection c, ConnectionOutcome outcome, long now) {
        shared.releasing.giveBack(c, outcome, now);
        ended(c, outcome, now);
    }

    /** Its socket is given back. */
    void ended(Connection c, ConnectionOutcome outcome, long now) {
        boolean inExchange = c.phase == Phase.SENDING || c.phase == Phase.RECEIVING || c.phase == Phase.PAUSING;
        if (inExchange && c.part == Dialogue.Part.EXCHANGE && !c.answered && outcome.isError()) {
            c.ledger.exchangeLost();
        }
        c.phase = Phase.ENDED;
        shared.deadlines.clear(c);
        if (c.establishedNanos != 0 && outcome == ConnectionOutcome.COMPLETED) {
            c.record(Metric.LIFETIME, c.establishedNanos, now - c.establishedNanos);
        }
        c.ledger.ended(outcome);
        c.dialogue().ended(c);
        boolean hasMore = shared.requests == null && c.exchangesLeft > 0;
        if (c.announced && hasMore && outcome == ConnectionOutcome.COMPLETED && !c.mustFinish(now)) {
            leftOver(c, now);
        } else {
            shared.ended(c, now);
        }
    }

    /** The peer has closed as it had announced, before the plan's exchanges were over. */
    private void leftOver(Connection c, long now) {
        if (!c.member().reconnect()) {
            c.ledger.notBegun(c.exchangesLeft);
            shared.ended(c, now);
            return;
        }
        c.beginsAnew();
        c.phase = Phase.COOLING;
        c.intendedNanos = Math.max(now, c.intendedNanos);
        shared.deadlines.set(c, c.intendedNanos);
    }

    void failToOpen(Connection c, String call, int errno) {
        long now = System.nanoTime();
        shared.failures.call(c, call, errno, now);
        coolDown(c, ConnectionOutcome.of(Errno.of(errno)), now);
    }

    void connectTimedOut(Connection c, long now) {
        shared.failures.incident(c, Incident.NEVER_ESTABLISHED, now);
        coolDown(c, ConnectionOutcome.TIMED_OUT, now);
    }

    /** Ends a connection that could not be opened, and keeps its slot for a moment. */
    void coolDown(Connection c, ConnectionOutcome outcome, long now) {
        shared.releasing.giveBack(c, outcome, now);
        c.ledger.ended(outcome);
        c.dialogue().ended(c);
        c.phase = Phase.COOLING;
        shared.deadlines.set(c, now + COOLING_NANOS);
    }

    /** The moment is over. */
    void cooled(Connection c, long now) {
        shared.deadlines.clear(c);
        if (c.reconnects && !shared.finishing) {
            c.reconnect();
            return;
        }
        c.phase = Phase.ENDED;
        shared.ended(c, now);
    }
}
