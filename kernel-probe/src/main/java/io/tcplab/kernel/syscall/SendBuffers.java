package io.tcplab.kernel.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory for what a {@link Ring} is to send, until the kernel has taken it. Confined to the ring's thread. */
public final class SendBuffers {

    /** {@link #fill}: all are in use. */
    public static final int NONE = -1;

    private static final int COUNT = 256;

    /** What one takes at most. */
    public static final int SIZE = 1024;

    private final MemorySegment memory = Arena.ofAuto().allocate((long) COUNT * SIZE, 64);
    private final int[] free = new int[COUNT];
    private int freeCount = COUNT;

    public SendBuffers() {
        for (int i = 0; i < COUNT; i++) {
            free[i] = i;
        }
    }

    /** Copies {@code length} bytes, at most {@link #SIZE}; returns the number of the buffer, which is kept until {@link #giveBack}. */
    public int fill(long fromAddress, int length) {
        if (freeCount == 0) {
            return NONE;
        }
        int buffer = free[--freeCount];
        MemorySegment.copy(NativeMemory.ALL, fromAddress, memory, (long) buffer * SIZE, length);
        return buffer;
    }

    public long address(int buffer) {
        return memory.address() + (long) buffer * SIZE;
    }

    public void giveBack(int buffer) {
        free[freeCount++] = buffer;
    }
}
