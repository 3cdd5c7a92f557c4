package io.tcplab.kernel.cable;

import java.time.Instant;

/** The kernel's stamps of packets by this process's clock; what lies between the two is measured again and again. One thread uses it. */
final class StampClock {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** An arrival that the kernel stamped longer ago than this, or later than now, has a stamp that says something else. */
    private static final long OLDEST_STAMP_NANOS = 200_000_000;

    private static final long COMPARED_EVERY_NANOS = 50_000_000;

    private long realMinusNano;
    private long comparedNanos;

    /** Measures what lies between the clocks where that was long ago. */
    void compareWhereDue(long now) {
        if (now - comparedNanos > COMPARED_EVERY_NANOS) {
            compare(now);
        }
    }

    void compare(long now) {
        comparedNanos = now;
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = System.nanoTime();
            Instant real = Instant.now();
            long took = System.nanoTime() - before;
            if (took < best) {
                best = took;
                realMinusNano = real.getEpochSecond() * NANOS_PER_SECOND + real.getNano() - before - took / 2;
            }
        }
    }

    /** The kernel's stamp by this process's clock; now where the stamp cannot be right. */
    long arrivedNanos(long realNanos) {
        long now = System.nanoTime();
        long arrived = realNanos - realMinusNano;
        return arrived - now > 0 || now - arrived > OLDEST_STAMP_NANOS ? now : arrived;
    }
}
