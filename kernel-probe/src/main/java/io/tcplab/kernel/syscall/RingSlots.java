package io.tcplab.kernel.syscall;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What operations of a {@link Ring} are for, by the number that they carry: a completion brings no object. One that is given back keeps
 * its number, and serves anew. Confined to the ring's thread.
 */
public final class RingSlots<T> {

    private @Nullable Object[] all = new Object[256];
    private int[] free = new int[256];
    private int freeCount;
    private int used;

    /** That with this number, which was given out by {@link #add}. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the kernel knows only numbers that were given out
    public T at(int slot) {
        return (T) all[slot];
    }

    /** One that was given back, or {@code null}: then {@link #add} takes a new one. */
    public @Nullable T takeFree() {
        return freeCount == 0 ? null : at(free[--freeCount]);
    }

    /** The number of the next that is added. */
    public int next() {
        return used;
    }

    public void add(T taken) {
        if (used == all.length) {
            all = Arrays.copyOf(all, 2 * used);
            free = Arrays.copyOf(free, 2 * used);
        }
        all[used++] = taken;
    }

    public void giveBack(int slot) {
        free[freeCount++] = slot;
    }
}
