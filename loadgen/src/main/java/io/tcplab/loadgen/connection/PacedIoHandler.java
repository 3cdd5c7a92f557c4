package io.tcplab.loadgen.connection;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * Puts the loop's own clock around Netty's I/O handler: one poll, then what is due, then at most one new connection.
 *
 * <p>One start for each poll keeps the connections under way from starving, and their latencies from measuring the generator's
 * queue. The poll ends in time for whatever is due next, and does not wait while a start is due already. As long as no socket waits
 * for readiness there is nothing to poll for, and what is due is done at once.
 */
final class PacedIoHandler implements IoHandler {

    /** What the loop does between polls. */
    interface Clock {
        /** Returns when it has to be called again at the latest; not after now = at once. */
        long nextNanos();

        /** Does what is due. */
        void tick();

        /** Whether a socket waits for readiness. */
        boolean awaitsReadiness();

        /** Called once, on the loop's thread. */
        void enter();
    }

    private static final long FAR_NANOS = 1_000_000_000L;

    /** How often, without a poll, before the loop may look after its tasks. */
    private static final int MAX_TICKS = 64;

    private final IoHandler poller;
    private final Clock clock;
    private final Context context = new Context();

    PacedIoHandler(IoHandler poller, Clock clock) {
        this.poller = poller;
        this.clock = clock;
    }

    @Override
    public void initialize() {
        poller.initialize();
        clock.enter();
    }

    @Override
    public int run(IoHandlerContext loopContext) {
        for (int ticks = 0; !clock.awaitsReadiness() && clock.nextNanos() <= System.nanoTime(); ticks++) {
            if (ticks == MAX_TICKS) {
                return 0;
            }
            clock.tick();
        }
        context.loop = loopContext;
        context.wakeNanos = Math.min(clock.nextNanos(), System.nanoTime() + FAR_NANOS);
        int handled = poller.run(context);
        clock.tick();
        return handled;
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

        @Override
        public boolean canBlock() {
            return loop.canBlock() && wakeNanos > System.nanoTime();
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
