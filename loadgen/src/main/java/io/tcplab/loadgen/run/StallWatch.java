package io.tcplab.loadgen.run;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices that this process did not run: stopped by SIGSTOP, a debugger or a cgroup's freezer, or a machine that was suspended or out of
 * CPU. A thread that wakes each 20 ms finds that it slept much longer.
 */
final class StallWatch implements AutoCloseable {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Thread thread;

    /** Written by the watching thread; volatile: whoever asks at the end must see it. */
    private volatile long longestNanos;

    private volatile long totalNanos;

    /** Ends the thread; volatile: it must see it. */
    private volatile boolean over;

    private StallWatch() {
        this.thread = Thread.ofPlatform().name("stall-watch").daemon(true).unstarted(this::watch);
    }

    static StallWatch begin() {
        StallWatch watch = new StallWatch();
        watch.thread.start();
        return watch;
    }

    private void watch() {
        long last = System.nanoTime();
        while (!over) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            note(now - last);
            last = now;
        }
    }

    private void note(long gapNanos) {
        if (gapNanos >= LEAST_NANOS) {
            longestNanos = Math.max(longestNanos, gapNanos);
            // One thread alone writes, so nothing is lost between the read and the write.
            long before = totalNanos;
            totalNanos = before + gapNanos;
        }
    }

    /** The longest time without a turn; 0 = none of half a second or more. */
    long longestNanos() {
        return longestNanos;
    }

    /** All such times together. */
    long totalNanos() {
        return totalNanos;
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }
}
