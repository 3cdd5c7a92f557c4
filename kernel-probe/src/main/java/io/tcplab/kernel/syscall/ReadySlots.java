package io.tcplab.kernel.syscall;

import java.util.Arrays;

/**
 * The slots whose owners have something to be told, the oldest first, each at most once: a chain of {@link RingSlots} numbers, so that a
 * place in it costs no object. Confined to the ring's thread.
 */
public final class ReadySlots {

    private static final int LAST = -1;
    private static final int ABSENT = -2;

    /** By slot: the one that comes after it, {@link #LAST}, or {@link #ABSENT} where it is not in the chain. */
    private int[] following = absent(256);

    private int first;
    private int last = LAST;
    private int count;

    private static int[] absent(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, ABSENT);
        return slots;
    }

    /** Puts a slot behind all others; one that is in the chain keeps its place. */
    public void add(int slot) {
        if (slot >= following.length) {
            grow(slot);
        } else if (following[slot] != ABSENT) {
            return;
        }
        following[slot] = LAST;
        if (last == LAST) {
            first = slot;
        } else {
            following[last] = slot;
        }
        last = slot;
        count++;
    }

    private void grow(int slot) {
        int before = following.length;
        following = Arrays.copyOf(following, Math.max(2 * before, slot + 1));
        Arrays.fill(following, before, following.length, ABSENT);
    }

    /** Takes the oldest; to be called only while {@link #count} is positive. */
    public int takeFirst() {
        int taken = first;
        int next = following[taken];
        following[taken] = ABSENT;
        if (next == LAST) {
            last = LAST;
        } else {
            first = next;
        }
        count--;
        return taken;
    }

    public boolean contains(int slot) {
        return slot < following.length && following[slot] != ABSENT;
    }

    public int count() {
        return count;
    }
}
