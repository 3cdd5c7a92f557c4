package io.tcplab.loadgen.connection;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * Puts the loop's own clock around an I/O handler: one poll, then what is due, then at most one new connection.
 *
 * <p>One start for each poll keeps the connections in progress from starving, and their latencies from measuring the generator's
 * queue. The poll ends in time for whatever is due next, and does not wait while a start is due already. As long as no socket waits
 * for readiness there is nothing to poll for, and what is due is done at once. While there is work, turn follows turn without a way
 * back to Netty's loop, unless a task waits there.
 *
 * <p>A loop with a CPU of its own wakes a little before something is due and looks at its sockets until then: the kernel's timer wakes
 * 15 µs late, and a sleep of 20 µs costs 10. Where the CPU is shared, a loop that never slept would be made to wait for a tick.
 */
final class PacedIoHandler implements IoHandler {

    /** What the loop does between polls. */
    interface Clock {
        /** Returns when it has to be called again at the latest; not after now = at once. */
        long nextNanos();

        /** Does what is due at {@code nowNanos}. */
        void tick(long nowNanos);

        /** Told how long the loop was awake for nothing but to be in time. */
        void idled(long nanos);

        /** Whether a socket waits for readiness. */
        boolean awaitsReadiness();

        /** Called once, on the loop's thread. */
        void enter();

        /** Ends the run loudly: an exception that only left the loop would end it in silence. */
        void fail(Throwable broken);
    }

    private static final long FAR_NANOS = 1_000_000_000L;

    /** How many turns before the loop looks whether it is to shut down; so few that this method is soon hot, and compiled. */
    private static final int MAX_TURNS = 16;

    private final IoHandler poller;
    private final Clock clock;
    private final long awakeNanos;
    private final Context context = new Context();
    private int handled;
    private long nowNanos;

    /** {@code awakeNanos}: how long before something is due the loop is awake; 0 = it sleeps until then. */
    PacedIoHandler(IoHandler poller, Clock clock, long awakeNanos) {
        this.poller = poller;
        this.clock = clock;
        this.awakeNanos = awakeNanos;
    }

    @Override
    public void initialize() {
        try {
            poller.initialize();
            clock.enter();
        } catch (RuntimeException | Error e) {
            clock.fail(e);
        }
    }

    @Override
    public int run(IoHandlerContext loopContext) {
        context.loop = loopContext;
        handled = 0;
        nowNanos = System.nanoTime();
        try {
            int turns = 1;
            while (turn() && turns < MAX_TURNS && loopContext.canBlock()) {
                turns++;
            }
        } catch (RuntimeException | Error e) {
            // A class may be unreadable where descriptors ran out; Netty would end the loop, and nobody hear of it.
            clock.fail(e);
        }
        return handled;
    }

    /**
     * One poll and what is due; returns whether there may be more to do at once. A method of its own: as the body of the loop above
     * it would be compiled seconds later.
     */
    private boolean turn() {
        long next = clock.nextNanos();
        boolean due = next <= nowNanos;
        boolean near = next - awakeNanos <= nowNanos;
        int ready = 0;
        if (!due || clock.awaitsReadiness()) {
            context.wakeNanos = Math.min(next - awakeNanos, nowNanos + FAR_NANOS);
            context.mayWait = !near;
            ready = poller.run(context);
            handled += ready;
            if (ready > 0 || !due) {
                long looked = System.nanoTime();
                if (near && ready == 0) {
                    clock.idled(looked - nowNanos);
                }
                nowNanos = looked;
            }
        }
        clock.tick(nowNanos);
        nowNanos = System.nanoTime();
        return near || ready > 0;
    }

    @Override
    public void prepareToDestroy() {
        poller.prepareToDestroy();
    }

    @Override
    public void destroy() {
        poller.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return poller.register(handle);
    }

    @Override
    public void wakeup() {
        poller.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return poller.isCompatible(handleType);
    }

    /** The loop's context, but with the clock's deadline; the loop itself never has scheduled tasks. */
    private static final class Context implements IoHandlerContext {
        @SuppressWarnings("NullAway.Init") // set before each poll
        private IoHandlerContext loop;

        private long wakeNanos;
        private boolean mayWait;

        @Override
        public boolean canBlock() {
            return mayWait && loop.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return Math.max(0, wakeNanos - currentTimeNanos);
        }

        @Override
        public long deadlineNanos() {
            return wakeNanos;
        }
    }
}
