package io.tcplab.kernel.syscall;

import java.lang.foreign.MemorySegment;

/** All of the memory outside the heap, for those who have an address. */
final class NativeMemory {

    /** An offset is an address. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeMemory() {}
}
