package io.tcplab.kernel.syscall;

/** CPU time of a process or of a thread of this one, exact to the nanosecond (clock_gettime(2)). Any thread may ask. */
public final class CpuClock {

    private static final int PROCESS_CPU_CLOCK = 2;

    /** CPUCLOCK_PERTHREAD and CPUCLOCK_SCHED (include/linux/posix-timers_types.h). */
    private static final int OF_THREAD = 6;

    /** The clock's kind is in the three low bits, the inverted id of the process or thread above (clock_getcpuclockid(3)). */
    private static final int ID_SHIFT = 3;

    private CpuClock() {}

    /** Returns user and system time of all threads so far, in nanoseconds. */
    public static long processNanos() {
        return new FastCalls().cpuNanos(PROCESS_CPU_CLOCK);
    }

    /** As {@link #processNanos()}, of another process; 0 when there is none with this id. */
    public static long processNanos(long pid) {
        return new FastCalls().cpuNanos((int) (~pid << ID_SHIFT | PROCESS_CPU_CLOCK));
    }

    /** As {@link #processNanos()}, of one thread, by its gettid(2); 0 when there is none with this id. */
    public static long threadNanos(int threadId) {
        return new FastCalls().cpuNanos(~threadId << ID_SHIFT | OF_THREAD);
    }
}
