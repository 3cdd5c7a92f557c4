package io.tcplab.loadgen.connection;

/** CPU time of a process, exact to the nanosecond (clock_gettime(2), CLOCK_PROCESS_CPUTIME_ID). */
public final class CpuClock {

    private static final int PROCESS_CPU_CLOCK = 2;

    /** CPUCLOCK_SCHED in the three low bits, the inverted process id above (clock_getcpuclockid(3)). */
    private static final int PROCESS_ID_SHIFT = 3;

    private CpuClock() {}

    /** Returns user and system time of all threads so far, in nanoseconds. */
    public static long processNanos() {
        return new SocketCalls().cpuNanos(PROCESS_CPU_CLOCK);
    }

    /** As {@link #processNanos}, of another process; 0 when there is none with this id. */
    public static long processNanos(long pid) {
        return new SocketCalls().cpuNanos((int) (~pid << PROCESS_ID_SHIFT | PROCESS_CPU_CLOCK));
    }
}
