package io.tcplab.kernel;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for what the kernel does in its own time. */
public final class Eventually {
    private Eventually() {}

    /** The first reading that is as wanted, or the last one when 20 s have passed: let the test say what is wrong. */
    public static <T> T read(Callable<T> reading, Predicate<T> wanted) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        T value = reading.call();
        while (!wanted.test(value) && System.nanoTime() < end) {
            Thread.sleep(5);
            value = reading.call();
        }
        return value;
    }
}
