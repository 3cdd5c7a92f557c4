package io.tcplab.kernel.syscall;

import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes an event loop that waits for its descriptors, by one of them. */
public final class LoopWaker implements AutoCloseable {

    /** The calls of whoever wakes the loop: a thread of its own needs an errno of its own. */
    private final FastCalls wakers = new FastCalls();

    /** Whether the loop waits, or is about to, and has to be woken. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    private final int descriptor;

    /** The descriptor is given back, and another's by now; guarded by {@link #wakers}. */
    private boolean closed;

    /** Throws IllegalStateException where the kernel gives no eventfd(2). */
    public LoopWaker() {
        descriptor = wakers.eventFd();
        if (descriptor < 0) {
            throw new IllegalStateException("eventfd2: " + Errno.ofResult(descriptor));
        }
    }

    /** An eventfd(2) that is never read: each write to it is an edge. */
    public int descriptor() {
        return descriptor;
    }

    /** Called before the last look for tasks: one that comes before this shows in that look, one that comes later wakes. */
    public void aboutToWait() {
        waiting.set(true);
    }

    public void awake() {
        waiting.set(false);
    }

    /** Any thread but the loop's. */
    public void wake() {
        if (waiting.getAndSet(false)) {
            synchronized (wakers) {
                // A loop that has ended by itself meanwhile needs no waking.
                if (!closed) {
                    wakers.signal(descriptor);
                }
            }
        }
    }

    @Override
    public void close() {
        awake();
        synchronized (wakers) {
            if (!closed) {
                closed = true;
                int _ = wakers.close(descriptor);
            }
        }
    }
}
