package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KernelWatchIT {

    /** What is seen before is in the figures; a row of it would stand at a second that is none of the run's. */
    @Test
    void theTimelineBeginsWithTheRecordedPart() throws Exception {
        List<TimelineRow> rows = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                KernelWatch watch = KernelWatch.of(
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort())),
                        Duration.ofMillis(5),
                        rows::add)) {
            assertThat(rows).isEmpty();

            watch.recordedFrom(System.nanoTime());
            while (rows.size() < 6) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            SideFigures side = Objects.requireNonNull(watch.finish().server());
            assertThat(rows).allMatch(row -> row.second() >= 0 && row.second() < 60);
            assertThat(side.listeners()).hasSize(1);
        }
    }
}
