package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Buffers that the kernel receives into, of which it takes one when there is something to receive (io_uring_setup_buf_ring(3)). One
 * that came with a completion is the reader's until {@link #giveBack}. Confined to the thread of its {@link Ring}.
 */
public final class RingBuffers {

    private static final int ENTRY_BYTES = 16;
    private static final int PAGE = 4096;

    /** Where the kernel reads how many buffers were given: in the unused end of the first entry. */
    private static final long TAIL = 14;

    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private final int count;
    private final int size;
    private final MemorySegment ring;
    private final MemorySegment memory;
    private short tail;

    /** {@code count}: a power of two. */
    public RingBuffers(int count, int size) {
        this.count = count;
        this.size = size;
        ring = Arena.ofAuto().allocate((long) count * ENTRY_BYTES, PAGE);
        memory = Arena.ofAuto().allocate((long) count * size, PAGE);
        for (int i = 0; i < count; i++) {
            giveBack(i);
        }
    }

    long ringAddress() {
        return ring.address();
    }

    public int count() {
        return count;
    }

    /** Copies {@code length} bytes of a buffer, from {@code from} on, to an address outside the heap. */
    public void copy(int buffer, int from, long toAddress, int length) {
        MemorySegment.copy(memory, (long) buffer * size + from, NativeMemory.ALL, toAddress, length);
    }

    /** The kernel may fill the buffer anew. */
    public void giveBack(int buffer) {
        long at = (long) (tail & (count - 1)) * ENTRY_BYTES;
        ring.set(JAVA_LONG, at, memory.address() + (long) buffer * size);
        ring.set(JAVA_INT, at + 8, size);
        ring.set(JAVA_SHORT, at + 12, (short) buffer);
        tail++;
        SHORT.setRelease(ring, TAIL, tail);
    }
}
