package io.tcplab.kernel.cable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The packets that are under way: memory outside the heap in slots of one size, taken in pieces of 1,024 slots as they are needed and
 * kept. One thread's.
 */
final class PacketStore implements AutoCloseable {

    /** No slot is free. */
    static final int FULL = -1;

    /** In {@link #kinds}: it is no segment of TCP. */
    static final byte NOT_TCP = -1;

    private static final int PIECE_SHIFT = 10;
    private static final int PIECE = 1 << PIECE_SHIFT;

    private final Arena arena = Arena.ofShared();
    private final int slotBytes;
    private final MemorySegment[] pieces;
    private int pieceCount;
    private int[] free = new int[PIECE];
    private int freeCount;

    final int[] lengths;
    final long[] arrivedNanos;
    final byte[] kinds;

    /** At most {@code most} packets of at most {@code slotBytes}. */
    PacketStore(int slotBytes, int most) {
        this.slotBytes = slotBytes;
        this.pieces = new MemorySegment[Math.max(1, most >> PIECE_SHIFT)];
        int slots = pieces.length << PIECE_SHIFT;
        this.lengths = new int[slots];
        this.arrivedNanos = new long[slots];
        this.kinds = new byte[slots];
    }

    /** Copies a packet from {@code at} in {@code ring}; returns its slot, or {@link #FULL}. */
    int keep(MemorySegment ring, long at, int length, long arrived, byte kind) {
        int slot = take();
        if (slot != FULL) {
            MemorySegment.copy(ring, at, piece(slot), offset(slot), length);
            lengths[slot] = length;
            arrivedNanos[slot] = arrived;
            kinds[slot] = kind;
        }
        return slot;
    }

    int take() {
        if (freeCount == 0 && !grow()) {
            return FULL;
        }
        return free[--freeCount];
    }

    private boolean grow() {
        if (pieceCount == pieces.length) {
            return false;
        }
        pieces[pieceCount] = arena.allocate((long) slotBytes << PIECE_SHIFT, 64);
        free = Arrays.copyOf(free, Math.max(free.length, (pieceCount + 1) << PIECE_SHIFT));
        for (int i = PIECE - 1; i >= 0; i--) {
            free[freeCount++] = (pieceCount << PIECE_SHIFT) + i;
        }
        pieceCount++;
        return true;
    }

    void release(int slot) {
        free[freeCount++] = slot;
    }

    int slotBytes() {
        return slotBytes;
    }

    long address(int slot) {
        return pieces[slot >> PIECE_SHIFT].address() + offset(slot);
    }

    /** The memory that has the slot, from {@link #offset} on. */
    private MemorySegment piece(int slot) {
        return pieces[slot >> PIECE_SHIFT];
    }

    private long offset(int slot) {
        return (long) (slot & (PIECE - 1)) * slotBytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
