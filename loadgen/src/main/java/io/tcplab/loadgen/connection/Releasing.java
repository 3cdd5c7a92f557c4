package io.tcplab.loadgen.connection;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/** How a connection gives its socket back, and what the kernel is asked before; for any connection of a loop, keeps nothing itself. */
final class Releasing {

    private final Shared shared;
    private final Vitals vitals = new Vitals();

    Releasing(Shared shared) {
        this.shared = shared;
    }

    /** Closes by close(2), as the plan has it, and ends; returns when close(2) had returned. */
    long release(Connection c, ConnectionOutcome outcome) {
        leave(c);
        long before = System.nanoTime();
        int result = c.wire().release();
        long after = System.nanoTime();
        c.wire = null;
        released(c, before, after, result, outcome);
        return after;
    }

    /** Closes first: nothing that is measured waits for the close but its own time, which is known where it is made at once. */
    void releaseSoon(Connection c) {
        leave(c);
        long before = System.nanoTime();
        int result = c.wire().releaseSoon();
        c.wire = null;
        if (result == Wire.CLOSES_SOON) {
            shared.ending.ended(c, ConnectionOutcome.COMPLETED, before);
        } else {
            released(c, before, System.nanoTime(), result, ConnectionOutcome.COMPLETED);
        }
    }

    private void released(Connection c, long before, long after, int result, ConnectionOutcome outcome) {
        c.record(Metric.CLOSE_CALL, before, after - before);
        if (result < 0) {
            shared.failures.call(c, "close", -result, after);
        }
        shared.ending.ended(c, outcome, after);
    }

    /** Has another thread make a close(2) that waits for what is unacknowledged (socket(7): SO_LINGER). */
    void linger(Connection c) {
        c.phase = Phase.LINGERING;
        shared.deadlines.clear(c);
        leave(c);
        Wire.LingeringClose close = c.wire().detach();
        shared.lingerers.close(close, (before, after, closed) -> lingered(c, before, after, closed));
    }

    /** The close(2) that another thread made for a connection has returned; after the run's end that is nobody's business. */
    private void lingered(Connection c, long beforeNanos, long afterNanos, int result) {
        if (c.phase != Phase.LINGERING) {
            return;
        }
        c.wire = null;
        released(
                c,
                beforeNanos,
                afterNanos,
                result,
                result < 0 ? ConnectionOutcome.FAILED : ConnectionOutcome.COMPLETED);
    }

    /** Gives the descriptor back, whatever the state. After a planned end nobody sees the close, and it has no figure. */
    void giveBack(Connection c, ConnectionOutcome outcome, long now) {
        leave(c);
        Wire current = c.wire;
        c.wire = null;
        if (current == null) {
            return;
        }
        int closed = outcome == ConnectionOutcome.COMPLETED ? current.releaseSoon() : current.release();
        if (closed < 0) {
            shared.failures.call(c, "close", Errno.EIO.number(), now);
        }
    }

    private void leave(Connection c) {
        look(c);
        if (shared.securing != null) {
            shared.securing.closing.leave(c, System.nanoTime());
        }
    }

    /** Asks the kernel what it knows of an established connection, if this is one of the sample. */
    private void look(Connection c) {
        Wire wire = c.wire;
        if (c.establishedNanos != 0 && wire != null && shared.recording.asksAtClose() && wire.look(vitals)) {
            shared.recording.closes(c.establishedNanos, vitals);
        }
    }
}
