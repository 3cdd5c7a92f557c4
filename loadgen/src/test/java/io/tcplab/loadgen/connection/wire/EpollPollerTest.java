package io.tcplab.loadgen.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.FastCalls;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EpollPollerTest {

    /** More than a loop has places for before it has a socket. */
    private static final int MANY = 2_000;

    /** A loop of another thread's, so that {@link EpollPoller#wakeup} has somebody to wake. */
    private static final class Elsewhere implements ThreadAwareExecutor {
        @Override
        public boolean isExecutorThread(Thread thread) {
            return false;
        }

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    /** Wakes the loop when it has said that it is about to wait. */
    private static final class WokenBeforeItWaits implements IoHandlerContext {
        private final EpollPoller poller;

        private WokenBeforeItWaits(EpollPoller poller) {
            this.poller = poller;
        }

        @Override
        public boolean canBlock() {
            return true;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            poller.wakeup();
            return TimeUnit.MINUTES.toNanos(1);
        }

        @Override
        public long deadlineNanos() {
            return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        }
    }

    @Test
    void aLoopWithoutSocketsIsWokenWhateverItsDescriptorsAre() throws IOException {
        List<FileInputStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                open.add(new FileInputStream("/dev/null"));
            }
            EpollPoller poller = new EpollPoller(new Elsewhere(), new FastCalls());
            assertThat(poller.waker).isGreaterThanOrEqualTo(MANY);
            assertThat(poller.run(new WokenBeforeItWaits(poller))).isZero();
            poller.destroy();
        } finally {
            for (FileInputStream each : open) {
                each.close();
            }
        }
    }
}
