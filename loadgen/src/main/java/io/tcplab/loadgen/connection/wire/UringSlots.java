package io.tcplab.loadgen.connection.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of an event loop by the number that their operations carry. One that has ended keeps its number until the kernel has
 * nothing more to say about it, and serves another connection then. Confined to the loop.
 */
final class UringSlots {

    private @Nullable UringWire[] wires = new UringWire[256];
    private int[] free = new int[256];
    private int freeCount;
    private int used;

    /** The socket with this number. */
    @SuppressWarnings("NullAway") // the kernel knows only numbers that were given out
    UringWire at(int slot) {
        return wires[slot];
    }

    /** One that is free, or {@code null}: then {@link #add} takes a new one. */
    @Nullable
    UringWire takeFree() {
        return freeCount == 0 ? null : wires[free[--freeCount]];
    }

    /** The number of the next that is added. */
    int next() {
        return used;
    }

    void add(UringWire wire) {
        if (used == wires.length) {
            wires = Arrays.copyOf(wires, 2 * used);
            free = Arrays.copyOf(free, 2 * used);
        }
        wires[used++] = wire;
    }

    void giveBack(UringWire wire) {
        free[freeCount++] = wire.slot;
    }
}
