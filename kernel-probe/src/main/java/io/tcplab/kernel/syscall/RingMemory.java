package io.tcplab.kernel.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What an io_uring shares with the kernel: mapped until the collector finds that nobody uses it any more. */
final class RingMemory {

    private static final long PROT_READ_WRITE = 3;
    private static final long MAP_SHARED_POPULATE = 0x8001;

    /** No result of mmap(2) but an errno is as large. */
    private static final long LARGEST_ERRNO = 4095;

    private RingMemory() {}

    /** Maps {@code size} bytes of {@code descriptor}; throws IllegalStateException where mmap(2) fails. */
    static MemorySegment map(int descriptor, long offset, long size) {
        long address = Downcall.any(
                Downcall.newState(),
                SyscallNumber.MMAP,
                0,
                size,
                PROT_READ_WRITE,
                MAP_SHARED_POPULATE,
                descriptor,
                offset);
        if (address < 0 && address >= -LARGEST_ERRNO) {
            throw new IllegalStateException("mmap of an io_uring: " + Errno.ofResult(address));
        }
        return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), RingMemory::unmap);
    }

    private static void unmap(MemorySegment mapped) {
        long ignored = Downcall.any(
                Downcall.newState(), SyscallNumber.MUNMAP, mapped.address(), mapped.byteSize(), 0, 0, 0, 0);
    }
}
