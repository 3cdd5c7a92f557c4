package io.tcplab.companion;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.LoopWaker;
import io.tcplab.kernel.syscall.ReadySlots;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingBuffers;
import io.tcplab.kernel.syscall.RingRefused;
import io.tcplab.kernel.syscall.RingSlots;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SendBuffers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waits with an io_uring(7) for the sockets of one of Netty's event loops. What these ask of the kernel is staged, and begun with one
 * call when the loop looks or waits: accepted connections, received bytes and the success of a send come with its completions.
 */
final class UringLoop implements IoHandler, LoopIo {

    private static final int ENTRIES = 512;
    private static final int COMPLETIONS = 8192;
    private static final int BUFFERS = 1024;
    private static final int BUFFER_BYTES = 4096;
    private static final int POLLIN = 1;
    private static final int CANCELLED = -Errno.ECANCELED.number();

    // The kinds of operation.
    static final int WAKE = 0;
    static final int ACCEPT = 1;
    static final int ARRIVAL = 2;
    static final int RECEIVE = 3;
    static final int OUTPUT = 4;
    static final int SEND = 5;

    /** What tells only of a failure that has no consequence: a close, a cancellation that found nothing. */
    static final int REST = 6;

    final Ring ring;
    final RingBuffers buffers = new RingBuffers(BUFFERS, BUFFER_BYTES);
    final SendBuffers outputs = new SendBuffers();
    final FastCalls calls = new FastCalls();
    final RingSlots<UringWire> slots = new RingSlots<>();

    /** Those whose connections are told in the next turn, or in this one. */
    final ReadySlots ready = new ReadySlots();

    private final ThreadAwareExecutor executor;
    private final LoopWaker waker = new LoopWaker();

    /** Of this loop's one listening socket, where it is the first loop. */
    private @Nullable UringArrivals arrivals;

    /** Throws RingRefused where the kernel gives no io_uring. */
    UringLoop(ThreadAwareExecutor executor) throws RingRefused {
        this.executor = executor;
        ring = new Ring(ENTRIES, COMPLETIONS);
    }

    @Override
    public void initialize() {
        ring.enable();
        ring.register(buffers);
        awaitWaking();
    }

    private void awaitWaking() {
        ring.pollAlways(waker.descriptor(), POLLIN, RingTag.of(WAKE, 0));
    }

    @Override
    public IoHandler handler() {
        return this;
    }

    @Override
    public WireConnection connection(int descriptor, ServingLoop loop, WireConnection.Maker maker) {
        UringWire free = slots.takeFree();
        if (free == null) {
            free = new UringWire(this, slots.next());
            slots.add(free);
        }
        return free.serve(descriptor, loop, maker);
    }

    @Override
    public Arrivals arrivals(LinuxSocket listener) {
        UringArrivals made = new UringArrivals(this, listener);
        arrivals = made;
        return made;
    }

    /** Begins what is staged, and takes what is complete by then; tells nobody yet. */
    void flush() {
        ring.submit();
        collect();
    }

    @Override
    public int run(IoHandlerContext context) {
        collect();
        if (!hasNews() && context.canBlock()) {
            block(context);
            collect();
        } else if (ring.hasWork() || ring.staged() > 0) {
            flush();
        }
        return tell();
    }

    private boolean hasNews() {
        return ready.count() > 0 || (arrivals != null && arrivals.hasNews());
    }

    private void block(IoHandlerContext context) {
        waker.aboutToWait();
        try {
            long nanos = context.canBlock() ? context.delayNanos(System.nanoTime()) : 0;
            if (nanos > 0) {
                ring.await(nanos);
            } else {
                ring.submit();
            }
        } finally {
            waker.awake();
        }
    }

    private void collect() {
        while (ring.hasCompletion()) {
            long tag = ring.tag();
            int result = ring.result();
            int flags = ring.flags();
            ring.advance();
            boolean over = (flags & Ring.CQE_MORE) == 0;
            switch (RingTag.kind(tag)) {
                case WAKE -> {
                    if (over && result != CANCELLED) {
                        awaitWaking();
                    }
                }
                case ACCEPT -> listened().accepted(RingTag.number(tag), result, over);
                case ARRIVAL -> listened().arrived(RingTag.number(tag));
                case RECEIVE -> slots.at((int) RingTag.number(tag)).received(result, flags);
                case OUTPUT -> slots.at((int) RingTag.number(tag)).outputCame();
                case SEND -> slots.at((int) RingTag.number(tag)).sent(result);
                default -> {} // nothing follows from it
            }
        }
    }

    private UringArrivals listened() {
        return Objects.requireNonNull(arrivals);
    }

    /** Tells those who are concerned by now; what comes meanwhile has its turn next. */
    private int tell() {
        int told = arrivals == null ? 0 : arrivals.tell();
        for (int left = ready.count(); left > 0; left--) {
            slots.at(ready.takeFirst()).tell();
            told++;
        }
        return told;
    }

    @Override
    public void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread())) {
            waker.wake();
        }
    }

    /** Closes were staged. */
    @Override
    public void destroy() {
        ring.submit();
        ring.close();
        waker.close();
    }

    /** Throws UnsupportedOperationException: sockets come by {@link #connection}. */
    @Override
    public IoRegistration register(IoHandle handle) {
        throw new UnsupportedOperationException("this loop serves accepted sockets alone");
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return false;
    }
}
