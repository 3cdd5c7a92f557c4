package io.tcplab.loadgen.pace;

import java.util.Arrays;

/**
 * When one event loop may start its next connection. Owned by that loop's thread.
 *
 * <p>Times are {@link System#nanoTime} values; {@link Long#MAX_VALUE} = not as things stand.
 */
public sealed interface Pacer {

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

    /** A closed loop: a start for each slot that falls free, intended for the moment at which it did. */
    final class Slots implements Pacer {
        private final long[] freedNanos;
        private int first;
        private int free;

        public Slots(int slots, long startNanos) {
            freedNanos = new long[slots];
            Arrays.fill(freedNanos, startNanos);
            free = slots;
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
