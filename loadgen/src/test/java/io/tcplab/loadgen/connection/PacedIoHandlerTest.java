package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class PacedIoHandlerTest {

    private static final long FAR = 60_000_000_000L;
    private static final long AWAKE = 400_000_000L;

    private final OneStart clock = new OneStart();
    private final Poller poller = new Poller();

    @Test
    void sleepsUntilTheStartIsDue() {
        clock.dueNanos = System.nanoTime() + FAR;

        new PacedIoHandler(poller, clock, 0).run(new Willing());

        assertThat(poller.waits).containsExactly(true);
        assertThat(clock.starts).isZero();
    }

    @Test
    void doesNotPollBeforeAStartThatIsDueWhenNoSocketWaits() {
        clock.dueNanos = System.nanoTime();

        new PacedIoHandler(poller, clock, 0).run(new Willing());

        assertThat(clock.starts).isOne();
        assertThat(poller.waits).containsExactly(true); // the turn after it has nothing to do
    }

    @Test
    void aLoopThatStaysAwakeWakesBeforeTheStartAndLooksUntilThen() {
        clock.dueNanos = System.nanoTime() + 2 * AWAKE;
        PacedIoHandler handler = new PacedIoHandler(poller, clock, AWAKE);

        handler.run(new Willing());
        assertThat(poller.waits).containsExactly(true);
        assertThat(poller.wakeNanos).isEqualTo(clock.dueNanos - AWAKE);
        assertThat(clock.idleNanos).isZero();

        poller.waits.clear();
        clock.dueNanos = System.nanoTime() + AWAKE / 2;
        handler.run(new Willing());
        assertThat(poller.waits).isNotEmpty().doesNotContain(true);
        assertThat(clock.idleNanos).isPositive();
    }

    @Test
    void anErrorEndsTheLoadAndNotTheLoop() {
        for (Error error : List.of(
                new NoClassDefFoundError("no descriptor for it"),
                new OutOfMemoryError("heap"),
                new StackOverflowError())) {
            OneStart clock = new OneStart();
            clock.breaksBy = error;
            new PacedIoHandler(new Poller(), clock, FAR).run(new Willing());
            assertThat(clock.broken).isSameAs(error);
        }
    }

    @Test
    void whatCannotBeSetUpEndsTheLoadAndNotTheLoop() {
        clock.breaksBy = new NoClassDefFoundError("no descriptor for it");
        new PacedIoHandler(poller, clock, 0).initialize();
        assertThat(clock.broken).isSameAs(clock.breaksBy);
    }

    /** Starts one connection when it is due. */
    private static final class OneStart implements PacedIoHandler.Clock {
        private long dueNanos;
        private int starts;
        private long idleNanos;
        private @Nullable Error breaksBy;
        private @Nullable Throwable broken;

        @Override
        public long nextNanos() {
            return dueNanos;
        }

        @Override
        public void tick(long nowNanos) {
            if (breaksBy != null) {
                throw breaksBy;
            }
            if (dueNanos <= nowNanos) {
                starts++;
                dueNanos = nowNanos + FAR;
            }
        }

        @Override
        public void idled(long nanos) {
            idleNanos += nanos;
        }

        @Override
        public boolean awaitsReadiness() {
            return false;
        }

        @Override
        public void enter() {
            if (breaksBy != null) {
                throw breaksBy;
            }
        }

        @Override
        public void fail(Throwable broken) {
            this.broken = broken;
        }
    }

    /** Remembers whether it was to wait, and until when; nothing is ever ready. */
    private static final class Poller implements IoHandler {
        private final List<Boolean> waits = new ArrayList<>();
        private long wakeNanos;

        @Override
        public int run(IoHandlerContext context) {
            waits.add(context.canBlock());
            wakeNanos = context.deadlineNanos();
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return false;
        }
    }

    /** A loop that has no tasks. */
    private static final class Willing implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return true;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return FAR;
        }

        @Override
        public long deadlineNanos() {
            return FAR;
        }
    }
}
