package io.tcplab.loadgen.fleet;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** By what a lead and a generator know that the other is still there: each says so all the time. */
final class Heartbeat {

    /**
     * Who says nothing for so long hangs, or cannot be reached. A process on a machine with far more work than CPUs may be silent for
     * seconds; one that ends is noticed at once, by its connection.
     */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    static final long SILENCE_SECONDS = TimeUnit.NANOSECONDS.toSeconds(SILENCE_NANOS);

    /** Whose silence is longer than this is reported, and still waited for. */
    static final long LONG_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    static final long LONG_SILENCE_SECONDS = TimeUnit.NANOSECONDS.toSeconds(LONG_SILENCE_NANOS);

    private static final long ALIVE_MILLIS = 250;

    private Heartbeat() {}

    /**
     * Says {@link Message.Alive} as long as {@code goesOn}, and does {@code eachTime} after it; returns as well where that cannot be
     * said.
     */
    static void say(MessageStream stream, BooleanSupplier goesOn, Runnable eachTime) {
        try {
            while (goesOn.getAsBoolean()) {
                stream.write(new Message.Alive());
                Thread.sleep(ALIVE_MILLIS);
                eachTime.run();
            }
        } catch (IOException _) {
            // The listening thread finds out why.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
