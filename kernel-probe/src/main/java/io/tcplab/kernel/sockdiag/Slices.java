package io.tcplab.kernel.sockdiag;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Divides an observer's work, such as a long walk of the kernel's table, into slices of half a millisecond with a pause after each, so that
 * who shares the core waits no longer than one slice. The kernel gives some 300 sockets at a time (32 KiB, netlink_dump in
 * net/netlink/af_netlink.c), which takes about 0.1 ms; 131,072 TIME_WAITs in one piece take 37.
 */
public final class Slices {
    /** How long a slice and the pause after it are. */
    static final long SLICE_NANOS = 500_000;

    private final LongSupplier clock;
    private final LongConsumer pause;
    private long begunNanos;
    private boolean paused;

    /** The first slice begins now. */
    public Slices() {
        this(System::nanoTime, LockSupport::parkNanos);
    }

    /** All in one slice, without a pause. */
    public static Slices inOnePiece() {
        return new Slices(() -> 0, _ -> {});
    }

    Slices(LongSupplier clock, LongConsumer pause) {
        this.clock = clock;
        this.pause = pause;
        this.begunNanos = clock.getAsLong();
    }

    /** A part is done: pauses where the slice is over. */
    public void cut() {
        if (clock.getAsLong() - begunNanos >= SLICE_NANOS) {
            pause();
        }
    }

    /** The walk is over: where it took more than a slice, what follows is not to lengthen its last one. */
    void end() {
        if (paused) {
            pause();
        }
    }

    private void pause() {
        paused = true;
        pause.accept(SLICE_NANOS);
        begunNanos = clock.getAsLong();
    }
}
