package io.tcplab.loadgen.connection;

/** CPU time of this process, exact to the nanosecond (clock_gettime(2), CLOCK_PROCESS_CPUTIME_ID). */
public final class CpuClock {

    private static final int PROCESS_CPU_CLOCK = 2;

    private CpuClock() {}

    /** Returns user and system time of all threads so far, in nanoseconds. */
    public static long processNanos() {
        return new SocketCalls().cpuNanos(PROCESS_CPU_CLOCK);
    }
}
