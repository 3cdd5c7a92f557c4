package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits for the sockets of one of Netty's event loops, and for nothing else; how is the subclass's. What wakes it is here. */
abstract class WirePoller implements IoHandler {

    private final ThreadAwareExecutor executor;

    /** The calls of whoever wakes the loop: a thread of its own needs an errno of its own. */
    private final FastCalls wakers = new FastCalls();

    /** Whether the loop waits, or is about to, and has to be woken. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    /** An eventfd(2) that is never read: each write to it is an edge. */
    final int waker;

    WirePoller(ThreadAwareExecutor executor) {
        this.executor = executor;
        waker = must("eventfd2", wakers.eventFd());
    }

    static int must(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + ": " + Errno.ofResult(result));
        }
        return result;
    }

    /** Called before the last look for tasks: one that comes before this shows in that look, one that comes later wakes. */
    final void aboutToWait() {
        waiting.set(true);
    }

    final void awake() {
        waiting.set(false);
    }

    @Override
    public final void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread()) && waiting.getAndSet(false)) {
            synchronized (wakers) {
                wakers.signal(waker);
            }
        }
    }

    @Override
    public void destroy() {
        awake();
        synchronized (wakers) {
            wakers.close(waker);
        }
    }

    /** Throws UnsupportedOperationException: the sockets come by their wires. */
    @Override
    public final IoRegistration register(IoHandle handle) {
        throw new UnsupportedOperationException("this loop serves the generator's sockets alone");
    }

    @Override
    public final boolean isCompatible(Class<? extends IoHandle> handleType) {
        return false;
    }
}
