package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.LoopWaker;

/** Waits for the sockets of one of Netty's event loops, and for nothing else; how is the subclass's. What wakes it is here. */
abstract class WirePoller implements IoHandler {

    private final ThreadAwareExecutor executor;

    private final LoopWaker loopWaker = new LoopWaker();

    /** An eventfd(2) that is never read: each write to it is an edge. */
    final int waker = loopWaker.descriptor();

    WirePoller(ThreadAwareExecutor executor) {
        this.executor = executor;
    }

    static int must(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + ": " + Errno.ofResult(result));
        }
        return result;
    }

    /** Called before the last look for tasks: one that comes before this shows in that look, one that comes later wakes. */
    final void aboutToWait() {
        loopWaker.aboutToWait();
    }

    final void awake() {
        loopWaker.awake();
    }

    @Override
    public final void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread())) {
            loopWaker.wake();
        }
    }

    @Override
    public void destroy() {
        loopWaker.close();
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
