package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForksIT {
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int CLOSES = 24;

    @Test
    void aLingeringCloseWaitsThoughProcessesAreStartedMeanwhile() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (NativeSocket listener = NativeSocket.open();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            assertThat(listener.setOption(SOL_SOCKET, SO_RCVBUF, 4096)).isEqualTo(Errno.OK);
            assertThat(listener.bind(new InetSocketAddress("127.0.0.1", 0))).isEqualTo(Errno.OK);
            assertThat(listener.listen(CLOSES)).isEqualTo(Errno.OK);
            Future<Integer> starter = threads.submit(() -> startUntil(over));
            try {
                List<Future<Duration>> closes = new ArrayList<>();
                for (int i = 0; i < CLOSES; i++) {
                    NativeSocket client =
                            withUnsentBytes(listener.localAddress().orElseThrow());
                    closes.add(threads.submit(timed(client)));
                }
                for (Future<Duration> close : closes) {
                    // SO_LINGER of one second, and nobody reads: the kernel waits that long (tcp_close,
                    // net/ipv4/tcp.c).
                    assertThat(close.get()).isGreaterThan(Duration.ofMillis(900));
                }
            } finally {
                over.set(true);
            }
            assertThat(starter.get()).isPositive();
        }
    }

    private static int startUntil(AtomicBoolean over) throws Exception {
        int started = 0;
        while (!over.get()) {
            assertThat(Forks.start(new ProcessBuilder("true")).waitFor()).isZero();
            started++;
        }
        return started;
    }

    private static NativeSocket withUnsentBytes(InetSocketAddress target) throws Exception {
        NativeSocket client = NativeSocket.open();
        assertThat(client.connect(target)).isEqualTo(Errno.OK);
        assertThat(client.nonBlocking(true)).isEqualTo(Errno.OK);
        assertThat(client.send(new byte[1 << 20], 0).value()).isPositive();
        assertThat(client.linger(true, 1)).isEqualTo(Errno.OK);
        return client;
    }

    private static Callable<Duration> timed(NativeSocket client) {
        return () -> {
            long before = System.nanoTime();
            assertThat(client.closeNow()).isEqualTo(Errno.OK);
            return Duration.ofNanos(System.nanoTime() - before);
        };
    }
}
