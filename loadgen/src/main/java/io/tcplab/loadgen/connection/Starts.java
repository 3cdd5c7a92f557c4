package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.pace.Pacer;
import io.tcplab.loadgen.pace.RouteChoice;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;

/**
 * Which connections an event loop starts, and when: those of its warm-up, then those that are recorded. Confined to the loop.
 */
final class Starts {

    private static final long PREPARE_EVERY_NANOS = 10_000_000;

    /** How long ahead of its time a start is set about: the socket is made by then. */
    private static final long OPEN_AHEAD_NANOS = 5_000;

    /** How late an open loop's last starts may be when it ends: later ones are not made up for. */
    private static final long MADE_UP_NANOS = 100_000_000;

    private final LoopPlan plan;
    private final Profile profile;
    private final Shared shared;
    private final RouteChoice choice;

    private Pacer pacer = new Pacer.Slots(0, 0);
    private long recordFromNanos = Long.MAX_VALUE;
    private long warmupEndNanos = Long.MAX_VALUE;

    /** Nothing that is due by then or later is started; known for an open loop. */
    private long endNanos = Long.MAX_VALUE;

    private long nextIndex;
    private long endIndex;
    private boolean warm;
    private long nextPrepareNanos = Long.MAX_VALUE;

    Starts(LoopPlan plan, Shared shared) {
        this.plan = plan;
        this.profile = plan.profile();
        this.shared = shared;
        this.choice = new RouteChoice(
                profile.routes().stream().mapToDouble(Route::weight).toArray(), plan.seed());
    }

    /** The first start is due at {@code startNanos}; what begins at {@code fromNanos} or later is recorded. */
    void begin(long startNanos, long fromNanos) {
        recordFromNanos = fromNanos;
        warm = fromNanos > startNanos;
        shared.recording.begin(fromNanos, warm);
        warmupEndNanos = warm ? fromNanos : Long.MAX_VALUE;
        nextPrepareNanos = warm ? startNanos : Long.MAX_VALUE;
        nextIndex = plan.number();
        endIndex = warm ? Long.MAX_VALUE : profile.connections();
        endNanos = endNanos();
        pacer = pacer(startNanos);
        if (shared.requests != null) {
            shared.requests.begin(startNanos, recordedToNanos());
        }
    }

    /** When there is something to do here. */
    long nextNanos() {
        long next = warmupEndNanos;
        if (nextIndex < endIndex && pacer.nextStartNanos() < endNanos) {
            next = Math.min(next, pacer.nextStartNanos() - OPEN_AHEAD_NANOS);
        }
        return next;
    }

    /** Has the recording ready for what comes, and ends the warm-up in time; returns whether it has ended it now. */
    boolean prepareRecording(long now) {
        if (now < nextPrepareNanos) {
            return false;
        }
        shared.recording.prepare();
        nextPrepareNanos = Math.min(now + PREPARE_EVERY_NANOS, recordFromNanos);
        boolean ends = now >= recordFromNanos;
        if (ends) {
            endWarmup();
        }
        return ends;
    }

    /** Starts a connection where one is due. */
    void startIfDue(long now) {
        long intended = pacer.nextStartNanos();
        if (intended - OPEN_AHEAD_NANOS <= now && nextIndex < endIndex && intended < endNanos) {
            pacer.take();
            start(intended);
        }
    }

    /** The time is over: what was due before is started, so that there are as many starts as the plan has, however busy this CPU is. */
    void makeUp(long now) {
        if (now < endNanos || endNanos - pacer.nextStartNanos() > MADE_UP_NANOS) {
            return;
        }
        while (pacer.nextStartNanos() < endNanos && nextIndex < endIndex) {
            long intended = pacer.nextStartNanos();
            pacer.take();
            start(intended);
        }
    }

    /** Starts none any more; where it is still the warm-up, no recorded part follows. */
    void end() {
        endIndex = 0;
        warm = false;
        warmupEndNanos = Long.MAX_VALUE;
        nextPrepareNanos = Long.MAX_VALUE;
    }

    /** The slot of a connection is free. */
    void released(long nowNanos) {
        pacer.released(nowNanos);
    }

    /** Whether every connection of the plan has been started. */
    boolean areAllMade() {
        return nextIndex >= endIndex && !warm;
    }

    private long endNanos() {
        return profile.load() instanceof Load.Open ? recordedToNanos() : Long.MAX_VALUE;
    }

    /** When the recorded part is over; {@link Long#MAX_VALUE} = no time ends it. */
    private long recordedToNanos() {
        return profile.durationNanos() == Profile.UNLIMITED
                ? Long.MAX_VALUE
                : recordFromNanos + profile.durationNanos();
    }

    private Pacer pacer(long startNanos) {
        return warm
                ? Pacer.warmup(profile.load(), plan.seed(), startNanos, plan.number(), plan.loops())
                : Pacer.of(profile.load(), plan.seed(), startNanos, plan.number(), plan.loops());
    }

    private void endWarmup() {
        warm = false;
        warmupEndNanos = Long.MAX_VALUE;
        nextPrepareNanos = Long.MAX_VALUE;
        shared.recording.endWarmup();
        long carried = shared.live.carryOver(shared.recording);
        if (profile.load() instanceof Load.Open) {
            pacer = pacer(recordFromNanos);
        }
        if (shared.requests != null) {
            shared.requests.begin(recordFromNanos, recordedToNanos());
        }
        nextIndex = plan.number();
        endIndex = profile.connections() == Profile.UNLIMITED || shared.holds
                ? Profile.UNLIMITED
                : Math.max(0, profile.connections() - carried * plan.loops());
    }

    private void start(long intended) {
        Connection spare = shared.live.takeSpare();
        Connection connection = spare == null ? new Connection(shared) : spare;
        long index = nextIndex;
        nextIndex += plan.loops();
        shared.live.add(connection);
        connection.start(index, choice.routeOf(index), intended);
    }
}
