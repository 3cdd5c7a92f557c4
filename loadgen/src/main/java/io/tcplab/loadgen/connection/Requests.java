package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.pace.ArrivalSchedule;
import io.tcplab.loadgen.pace.Pacer;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import java.util.ArrayDeque;

/**
 * Exchanges by the clock over the kept connections of one event loop. What is due waits for a free connection: the schedule is arithmetic,
 * so its backlog is no queue but the head that was not taken yet, and every response time counts from when its exchange was due.
 */
final class Requests {

    /** How many may begin before other work has its turn. */
    private static final int MOST_AT_ONCE = 16;

    /** How late the schedule may be when its time is over, for what is due to be begun all the same, and how long that may take. */
    static final long MADE_UP_NANOS = 100_000_000;

    private final Shared shared;
    private final Load.Requests load;
    private final long seed;
    private final int number;
    private final int loops;

    /**
     * Free connections, the longest free first; one that has ended meanwhile is no longer thinking, and is passed over. Until then its
     * object serves no other connection, which would have a place here that is not its own.
     */
    private final ArrayDeque<Connection> free = new ArrayDeque<>();

    private Pacer schedule = new Pacer.Slots(0, 0);

    /** What is due by then or later is not begun. */
    private long endNanos = Long.MAX_VALUE;

    Requests(Shared shared, Load.Requests load, long seed, int number, int loops) {
        this.shared = shared;
        this.load = load;
        this.seed = seed;
        this.number = number;
        this.loops = loops;
    }

    /** The first exchange is due at {@code startNanos}; none is at {@code endNanos} or later, {@link Long#MAX_VALUE} = without end. */
    void begin(long startNanos, long endNanos) {
        this.endNanos = endNanos;
        schedule = new Pacer.Scheduled(ArrivalSchedule.of(load.schedule(), seed), startNanos, number, loops);
    }

    /** A connection has nothing to do: it takes what is due, or waits for it. */
    void free(Connection c, long now) {
        if (c.peerHasClosed) {
            shared.pause.foundClosedBeforeExchange(c, now);
            return;
        }
        long due = dueNanos();
        if (due <= now && !shared.finishing && shared.mayContinueInline()) {
            schedule.take();
            c.idleMicros = 0;
            shared.exchange.begin(c, due, now);
            return;
        }
        c.phase = Phase.THINKING;
        c.markNanos = now;
        c.intendedNanos = Long.MAX_VALUE;
        c.wire().await(false);
        if (c.lifetimeEndNanos == Long.MAX_VALUE) {
            shared.deadlines.clear(c);
        } else {
            shared.deadlines.set(c, c.lifetimeEndNanos);
        }
        c.awaitsRequest = true;
        free.addLast(c);
    }

    /** When the next exchange is due; {@link Long#MAX_VALUE} = none is. */
    private long dueNanos() {
        long next = schedule.nextStartNanos();
        return next < endNanos ? next : Long.MAX_VALUE;
    }

    /**
     * Whether the load's end has to wait for {@link #owesNothing}, {@link #MADE_UP_NANOS} at most: exchanges were due before it, and a
     * connection was free for them, so that they are late by this CPU's doing alone. What has no free connection waits for the server, and
     * its turn does not come.
     */
    boolean owes(long now) {
        long due = dueNanos();
        passOver();
        return now >= endNanos && due < endNanos && endNanos - due <= MADE_UP_NANOS && !free.isEmpty();
    }

    /** Whether everything has begun that was due. */
    boolean owesNothing() {
        return dueNanos() == Long.MAX_VALUE;
    }

    /** When there is something to do for a connection that is free; {@link Long#MAX_VALUE} = not as things stand. */
    long nextNanos() {
        passOver();
        return free.isEmpty() || shared.finishing ? Long.MAX_VALUE : dueNanos();
    }

    /** Begins what is due on the connections that are free. */
    void run(long now) {
        for (int begun = 0; begun < MOST_AT_ONCE && nextNanos() <= now; begun++) {
            Connection c = takeFirst();
            shared.beginStep();
            if (hasEnded(c)) {
                continue;
            }
            long due = schedule.nextStartNanos();
            schedule.take();
            long begins = System.nanoTime();
            // It was free by then: what it is late by is the generator's own doing.
            c.record(Metric.START_DELAY, Math.max(due, c.markNanos), Math.max(0, begins - Math.max(due, c.markNanos)));
            c.idleMicros = (int) Math.clamp((begins - c.markNanos) / 1000, 0L, Integer.MAX_VALUE);
            try {
                shared.exchange.begin(c, due, begins);
            } catch (RuntimeException e) {
                shared.ending.broke(c, e);
            }
        }
    }

    private boolean hasEnded(Connection c) {
        try {
            return shared.pause.hasEnded(c);
        } catch (RuntimeException e) {
            shared.ending.broke(c, e);
            return true;
        }
    }

    private void passOver() {
        for (Connection c = free.peekFirst(); c != null && c.phase != Phase.THINKING; c = free.peekFirst()) {
            Connection _ = takeFirst();
        }
    }

    private Connection takeFirst() {
        Connection c = free.removeFirst();
        c.awaitsRequest = false;
        return c;
    }
}
