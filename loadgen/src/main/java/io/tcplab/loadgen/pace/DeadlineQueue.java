package io.tcplab.loadgen.pace;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is due next on one event loop; each entry has at most one deadline at a time.
 *
 * <p>A binary heap whose entries know their place. Adding a deadline later than all others, the usual case of a timeout, costs
 * O(1); so does putting a deadline off, since the entry keeps its place and is put down again when its old key comes up. Removing
 * costs O(log n). Single-threaded. Nothing is allocated per deadline.
 */
public final class DeadlineQueue {

    /** Something that can be due. Its fields belong to the queue. */
    public abstract static class Entry {
        /** When it is due. */
        private long deadlineNanos;
        /** Its key in the heap: never later than its deadline, possibly earlier. */
        private long keyNanos;

        private int place = -1;

        /** Called on the event loop when the deadline has passed; the entry is no longer queued. */
        protected abstract void due(long nowNanos);

        /** Whether a deadline is set. */
        protected final boolean isWaiting() {
            return place >= 0;
        }
    }

    private @Nullable Entry[] heap = new Entry[64];
    private int size;

    /** Sets or moves the deadline of {@code entry} to a {@link System#nanoTime} value. */
    public void set(Entry entry, long deadlineNanos) {
        if (entry.place < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            entry.deadlineNanos = deadlineNanos;
            entry.keyNanos = deadlineNanos;
            siftUp(entry, size++);
        } else {
            entry.deadlineNanos = deadlineNanos;
            if (deadlineNanos < entry.keyNanos) {
                entry.keyNanos = deadlineNanos;
                siftUp(entry, entry.place);
            }
        }
    }

    /** Takes the deadline of {@code entry} away, if it has one. */
    public void clear(Entry entry) {
        int place = entry.place;
        if (place < 0) {
            return;
        }
        entry.place = -1;
        Entry last = at(--size);
        heap[size] = null;
        if (place < size) {
            siftDown(last, place);
            if (last.place == place) {
                siftUp(last, place);
            }
        }
    }

    /** Returns a time not later than the earliest deadline; {@link Long#MAX_VALUE} when there is none. */
    public long nextNanos() {
        return size == 0 ? Long.MAX_VALUE : at(0).keyNanos;
    }

    /** Returns how many entries wait. */
    public int size() {
        return size;
    }

    /** Calls {@link Entry#due} for everything whose deadline is not after {@code nowNanos}. */
    public void expire(long nowNanos) {
        while (size > 0 && at(0).keyNanos <= nowNanos) {
            Entry entry = at(0);
            if (entry.deadlineNanos == entry.keyNanos) {
                clear(entry);
                entry.due(nowNanos);
            } else {
                entry.keyNanos = entry.deadlineNanos;
                siftDown(entry, 0);
            }
        }
    }

    private void siftUp(Entry entry, int from) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            Entry above = at(parent);
            if (entry.keyNanos >= above.keyNanos) {
                break;
            }
            put(above, place);
            place = parent;
        }
        put(entry, place);
    }

    private void siftDown(Entry entry, int from) {
        int place = from;
        int half = size >>> 1;
        while (place < half) {
            int child = 2 * place + 1;
            if (child + 1 < size && at(child + 1).keyNanos < at(child).keyNanos) {
                child++;
            }
            Entry below = at(child);
            if (entry.keyNanos <= below.keyNanos) {
                break;
            }
            put(below, place);
            place = child;
        }
        put(entry, place);
    }

    private void put(Entry entry, int place) {
        heap[place] = entry;
        entry.place = place;
    }

    @SuppressWarnings("NullAway") // every place below size is filled
    private Entry at(int place) {
        return heap[place];
    }
}
