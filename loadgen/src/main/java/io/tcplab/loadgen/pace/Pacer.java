package io.tcplab.loadgen.pace;

import io.tcplab.loadgen.plan.Load;
import java.util.Arrays;
import java.util.List;

/**
 * When one event loop may start its next connection. Owned by that loop's thread.
 *
 * <p>Times are {@link System#nanoTime} values; {@link Long#MAX_VALUE} = not as things stand.
 */
public sealed interface Pacer {

    /**
     * Returns what paces loop {@code number}, from 0, of {@code loops} that share a load: every {@code loops}-th arrival of its
     * schedule, or its share of the slots.
     */
    static Pacer of(Load load, long seed, long startNanos, int number, int loops) {
        return switch (load) {
            case Load.Open open -> new Scheduled(ArrivalSchedule.of(open, seed), startNanos, number, loops);
            case Load.Closed closed ->
                new Slots(closed.concurrency() / loops + (number < closed.concurrency() % loops ? 1 : 0), startNanos);
            case Load.Requests requests ->
                new Slots(
                        requests.connections() / loops + (number < requests.connections() % loops ? 1 : 0), startNanos);
            case Load.Hold hold -> {
                Scheduled ramp = new Scheduled(ArrivalSchedule.of(hold), startNanos, number, loops);
                Long reopen = hold.reopenNanos();
                yield reopen == null ? ramp : new Reopening(ramp, hold.connections() / loops + 1, reopen);
            }
        };
    }

    /** As {@link #of}, for the warm-up: an open loop runs evenly at the rate with which the recorded part begins. */
    static Pacer warmup(Load load, long seed, long startNanos, int number, int loops) {
        return of(load instanceof Load.Open open ? even(open) : load, seed + 1, startNanos, number, loops);
    }

    private static Load.Open even(Load.Open open) {
        Load.RateSegment first = open.segments().getFirst();
        double rate = first.fromPerSecond() > 0 ? first.fromPerSecond() : first.toPerSecond() / 2;
        return new Load.Open(List.of(new Load.RateSegment(rate, rate, Long.MAX_VALUE)), open.arrivals());
    }

    /** Returns the intended start of the next connection; it may start once that time has come. */
    long nextStartNanos();

    /** Takes the next start, which must have come. */
    void take();

    /** Tells that a connection of this loop has ended at {@code nowNanos}. */
    void released(long nowNanos);

    /** An open loop or a ramp: every {@code stride}-th connection of a schedule, whatever became of the others. */
    final class Scheduled implements Pacer {
        private final ArrivalSchedule schedule;
        private final long startNanos;
        private final int stride;
        private long index;
        private long nextNanos;

        public Scheduled(ArrivalSchedule schedule, long startNanos, int first, int stride) {
            this.schedule = schedule;
            this.startNanos = startNanos;
            this.stride = stride;
            this.index = first;
            look();
        }

        @Override
        public long nextStartNanos() {
            return nextNanos;
        }

        @Override
        public void take() {
            index += stride;
            look();
        }

        @Override
        public void released(long nowNanos) {}

        private void look() {
            long due = schedule.dueNanos(index);
            nextNanos = due == Long.MAX_VALUE ? due : startNanos + due;
        }
    }

    /** A ramp whose connections are started again some time after they have ended. */
    final class Reopening implements Pacer {
        private final Scheduled ramp;
        private final Slots ended;
        private final long pauseNanos;

        Reopening(Scheduled ramp, int connections, long pauseNanos) {
            this.ramp = ramp;
            this.ended = Slots.allTaken(connections);
            this.pauseNanos = pauseNanos;
        }

        @Override
        public long nextStartNanos() {
            return Math.min(ramp.nextStartNanos(), again());
        }

        private long again() {
            long freed = ended.nextStartNanos();
            return freed == Long.MAX_VALUE ? freed : freed + pauseNanos;
        }

        @Override
        public void take() {
            if (ramp.nextStartNanos() <= again()) {
                ramp.take();
            } else {
                ended.take();
            }
        }

        @Override
        public void released(long nowNanos) {
            ended.released(nowNanos);
        }
    }

    /** A closed loop: a start for each slot that falls free, intended for the moment at which it did. */
    final class Slots implements Pacer {
        private final long[] freedNanos;
        private int first;
        private int free;

        public Slots(int slots, long startNanos) {
            this(slots);
            Arrays.fill(freedNanos, startNanos);
            free = slots;
        }

        private Slots(int slots) {
            freedNanos = new long[slots];
        }

        static Slots allTaken(int slots) {
            return new Slots(slots);
        }

        @Override
        public long nextStartNanos() {
            return free == 0 ? Long.MAX_VALUE : freedNanos[first];
        }

        @Override
        public void take() {
            first = first + 1 == freedNanos.length ? 0 : first + 1;
            free--;
        }

        @Override
        public void released(long nowNanos) {
            int last = first + free;
            freedNanos[last >= freedNanos.length ? last - freedNanos.length : last] = nowNanos;
            free++;
        }
    }
}
