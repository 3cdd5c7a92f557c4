package io.tcplab.companion;

import java.util.function.BooleanSupplier;

/** Waits for what happens on another thread, with a bound that only a failure reaches. */
final class Eventually {

    private Eventually() {}

    static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not happen within 20 s");
            }
            Thread.sleep(1);
        }
    }
}
