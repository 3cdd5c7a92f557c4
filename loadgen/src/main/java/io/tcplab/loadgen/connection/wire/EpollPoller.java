package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Waits with epoll(7) for the sockets of one of Netty's event loops, and for nothing else: a socket costs its place in an array,
 * a readiness no object.
 *
 * <p>Netty's own handler keeps a registration, a map entry and a lock for each handle, and goes through JNI. This one knows its
 * sockets by descriptor. A descriptor that is closed leaves epoll by itself; its place has to be given back before.
 */
final class EpollPoller extends WirePoller {

    static final int EPOLLIN = 0x001;
    static final int EPOLLOUT = 0x004;
    static final int EPOLLRDHUP = 0x2000;
    static final int EPOLLET = 1 << 31;

    private static final int INTERRUPTED = -Errno.EINTR.number();
    private static final int EVENTS = 1024;
    private static final int FETCHED_AT_ONCE = 16;

    private final FastCalls calls;
    private final MemorySegment events;
    private final int epoll;

    /** By descriptor, for each that the epoll instance may report. */
    private @Nullable EpollWire[] wires;

    private int awaited;

    /** Written, never read: what is computed for nothing would not be computed. */
    @SuppressWarnings("unused")
    private int fetched;

    private final ExpectedInput expectedInput = new ExpectedInput();

    EpollPoller(ThreadAwareExecutor executor, FastCalls calls) {
        super(executor);
        this.calls = calls;
        events = Arena.ofAuto().allocate((long) EVENTS * FastCalls.EPOLL_EVENT_BYTES, 8);
        epoll = must("epoll_create1", calls.epollCreate());
        must("epoll_ctl", calls.epollAdd(epoll, waker, EPOLLIN | EPOLLET));
        wires = new EpollWire[Math.max(256, waker + 1)];
    }

    /** Begins to wait for a socket. Throws IllegalStateException where the kernel refuses. */
    void add(int descriptor, EpollWire wire, int interest) {
        if (descriptor >= wires.length) {
            wires = Arrays.copyOf(wires, Math.max(wires.length * 2, descriptor + 1));
        }
        must("epoll_ctl", calls.epollAdd(epoll, descriptor, interest));
        wires[descriptor] = wire;
        awaited++;
    }

    /** Waits for something else, or once more for an edge that has been told already. */
    void modify(int descriptor, int interest) {
        must("epoll_ctl", calls.epollModify(epoll, descriptor, interest));
    }

    /** Forgets a socket whose descriptor is closed, or goes on elsewhere when {@code open}. */
    void forget(int descriptor, boolean open) {
        wires[descriptor] = null;
        awaited--;
        if (open) {
            must("epoll_ctl", calls.epollDelete(epoll, descriptor));
        }
    }

    /** Whether a socket is waited for, or looked at. */
    boolean awaitsReadiness() {
        return awaited > 0 || !expectedInput.isEmpty();
    }

    ExpectedInput expectedInput() {
        return expectedInput;
    }

    @Override
    public int run(IoHandlerContext context) {
        int handled = expectedInput.look();
        int ready = 0;
        if (handled == 0 && context.canBlock()) {
            expectedInput.awaitAll();
            ready = block(context);
        } else if (awaited > 0) {
            ready = calls.epollLook(epoll, events, EVENTS);
        }
        if (ready < 0 && ready != INTERRUPTED) {
            must("epoll_wait", ready);
        }
        for (int i = 0; i < ready; i++) {
            if (i % FETCHED_AT_ONCE == 0) {
                fetch(i, Math.min(i + FETCHED_AT_ONCE, ready));
            }
            int descriptor = calls.eventDescriptor(events, i);
            // A socket that gave up readiness while this batch was in progress, and the waker, have no wire.
            EpollWire wire = wires[descriptor];
            if (wire != null) {
                wire.ready((calls.eventBits(events, i) & EPOLLRDHUP) != 0);
                handled++;
            }
        }
        return handled;
    }

    /**
     * Reads something of each socket that is to be served next. With many sockets each is a miss of the processor's cache; here they
     * overlap, where one at a time, behind the last one's system calls, each takes 0.3 µs.
     */
    private void fetch(int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            EpollWire wire = wires[calls.eventDescriptor(events, i)];
            sum += wire == null ? 0 : wire.fetch();
        }
        fetched = sum;
    }

    private int block(IoHandlerContext context) {
        aboutToWait();
        try {
            long nanos = context.canBlock() ? context.delayNanos(System.nanoTime()) : 0;
            return nanos > 0 ? calls.epollWait(epoll, events, EVENTS, nanos) : calls.epollLook(epoll, events, EVENTS);
        } finally {
            awake();
        }
    }

    @Override
    public void destroy() {
        super.destroy();
        calls.close(epoll);
    }
}
