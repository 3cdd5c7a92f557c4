package io.tcplab.kernel.syscall;

/**
 * This process's table of descriptors, which the kernel doubles when a descriptor does not fit: at 256, 512 and so on. In a process of
 * several threads it waits each time until no CPU can be reading the old one (fs/file.c, expand_fdtable(): synchronize_rcu()), and so
 * does the thread that opens: for 10 ms on an idle machine, for over half a second was seen on a busy one.
 */
public final class DescriptorTable {

    private static final int F_DUPFD_CLOEXEC = 1030;

    /** 512 kB of table; where a process may have more, the next doublings are far apart. */
    private static final int MOST = 65_536;

    private DescriptorTable() {}

    /**
     * Has the kernel make room for as many descriptors as the process may have, up to 65,536, now, on a thread of its own; others wait for
     * it only where they open one that does not fit yet. Nothing is kept open.
     */
    public static void growAhead() {
        Thread.ofPlatform().name("descriptor-table").daemon(true).start(() -> grow(most()));
    }

    private static int most() {
        long[] limits = Syscalls.descriptorLimits();
        return limits.length == 0 || limits[0] < 0 || limits[0] > MOST ? MOST : (int) limits[0];
    }

    /** Returns the descriptor that was the last, or a negative errno: where there is no room, the kernel says so when it matters. */
    static int grow(int descriptors) {
        int one = Syscalls.open("/dev/null", 0);
        if (one < 0) {
            return one;
        }
        int last = Syscalls.fcntl(one, F_DUPFD_CLOEXEC, descriptors - 1L);
        if (last >= 0) {
            Syscalls.close(last);
        }
        Syscalls.close(one);
        return last;
    }
}
