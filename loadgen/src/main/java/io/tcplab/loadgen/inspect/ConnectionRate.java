package io.tcplab.loadgen.inspect;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often the server is connected to: at once as long as no limit of it is known, and then no more often than it allows. Several threads
 * may use it.
 */
final class ConnectionRate {

    private static final int KEPT = 64;

    /** So much of the limit is used: the server counts others' connections, and ours when it sees them. */
    private static final double SHARE = 0.75;

    private static final double LONGER = 1.1;

    /** What a check meets again and again is a limit of something else, such as requests, which no pause between connections avoids. */
    private static final int SLOWEST = 4;

    /** An inspection waits no longer than this for its turns. */
    private static final long ENOUGH_NANOS = 180_000_000_000L;

    private static final long AT_ONCE_NANOS = 500_000_000L;
    private static final long LOOK_MILLIS = 200;

    /** When the last ones began or will begin, a ring. */
    private final long[] begun = new long[KEPT];

    private int count;
    private long waitedNanos;
    private @Nullable RateLimit limit;
    private int most = KEPT;
    private long foundNanos;
    private long windowNanos;

    /** When the next connection may begin, by System.nanoTime: it is counted as one that begins then. */
    synchronized long turn() {
        long now = System.nanoTime();
        long at = Math.max(now, nextNanos());
        begun[count++ % KEPT] = at;
        waitedNanos += at - now;
        return at;
    }

    /** When it could begin; nothing is counted. */
    synchronized long nextNanos() {
        return nextNanos(1);
    }

    /** When so many could begin at once, or as many as ever can. */
    synchronized long nextNanos(int connections) {
        int before = most - Math.min(connections, most) + 1;
        return limit == null || count < before ? System.nanoTime() : begun[(count - before) % KEPT] + windowNanos;
    }

    /** Whether so many may begin within a moment of each other. */
    synchronized boolean allowsAtOnce(int connections) {
        return limit == null || connections <= most || windowNanos < AT_ONCE_NANOS;
    }

    /** What limits it; absent where nothing is known to. */
    synchronized @Nullable RateLimit limit() {
        return limit;
    }

    /** From now on keeps within this. */
    synchronized void keepWithin(RateLimit found) {
        limit = found;
        most = Math.max(1, (int) (found.connections() * SHARE));
        foundNanos = (long) (found.seconds() * LONGER * 1e9);
        windowNanos = foundNanos;
    }

    /** Half as often, and first a pause: the limit was met again. */
    synchronized void slower() {
        windowNanos = Math.min(2 * windowNanos, SLOWEST * foundNanos);
        Arrays.fill(begun, System.nanoTime());
        count = Math.max(count, KEPT);
    }

    /** Whether so much time was spent on waiting that further checks are not worth it. */
    synchronized boolean isSpent() {
        return waitedNanos > ENOUGH_NANOS;
    }

    /** Sleeps until this moment, or until it is over before. */
    static void sleepUntil(long atNanos, BooleanSupplier over) {
        for (long left = atNanos - System.nanoTime();
                left > 0 && !over.getAsBoolean();
                left = atNanos - System.nanoTime()) {
            try {
                Thread.sleep(Math.min(LOOK_MILLIS, left / 1_000_000 + 1));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
