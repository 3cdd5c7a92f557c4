package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;

/**
 * How a connection ends whose peer has announced that it closes (RFC 9112 §9.6): for any connection of a loop; keeps nothing itself.
 */
final class AnnouncedClose {

    /** How long a peer that has announced its close has to make it. */
    private static final long ANNOUNCED_NANOS = 100_000_000;

    private final Shared shared;

    AnnouncedClose(Shared shared) {
        this.shared = shared;
    }

    /** The peer has announced its close and closes first, also where the plan has no exchange left and would close by our FIN. */
    void await(Connection c, long now) {
        endsBeforeThePlan(c, now);
        shared.closing.awaitFin(c);
        if (c.phase == Phase.AWAITING_FIN) {
            shared.deadlines.set(c, now + ANNOUNCED_NANOS);
        }
    }

    /** The exchanges that are left are not made; what is next is due when the next one would have been. */
    private void endsBeforeThePlan(Connection c, long now) {
        if (!c.lastExchange) {
            shared.failures.incident(c, Incident.ANNOUNCED, now);
        }
        c.intendedNanos = now + shared.exchange.thinkNanos(c);
    }

    /** The peer refuses the rest of a request and closes: so do we, without sending it (RFC 9112 §9.5). */
    void cutShort(Connection c, long now) {
        endsBeforeThePlan(c, now);
        shared.closing.sendFin(c);
        shared.closing.awaitFin(c);
    }

    /** The peer has answered and closed as it had announced, before it was sent all of the request. */
    void end(Connection c) {
        if (!c.lastExchange) {
            shared.failures.incident(c, Incident.ANNOUNCED, System.nanoTime());
        }
        shared.releasing.release(c, ConnectionOutcome.COMPLETED);
    }

    /** An idle connection has been closed when the peer had said that it would be; the exchanges that are left had their time. */
    void whileIdle(Connection c, long now) {
        shared.failures.incident(c, Incident.ANNOUNCED, now);
        c.announced = true;
        c.ledger.announced();
        c.record(Metric.TEARDOWN, now, shared.releasing.release(c, ConnectionOutcome.COMPLETED) - now);
    }
}
