package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A load whose start was ordered some time ahead, as a lead does it. */
@Timeout(60)
class OrderedStartIT {

    private static final String PROFILE = """
            duration: 300ms
            connections: %d
            load: {open: {rate: 20/s}}
            protocol: none
            mix: [{name: only}]
            """;

    /** A busy machine may let nobody run in time. */
    private static final int TRIES = 5;

    private final List<IntervalReading> readings = new CopyOnWriteArrayList<>();

    private static LoadRun load(int connections) {
        return new LoadRun(
                Profiles.of(PROFILE.formatted(connections)), new InetSocketAddress("127.0.0.1", 9), 1, LoopCpus.ANY);
    }

    private CompletableFuture<Measurement> begin(LoadRun load, long startNanos) {
        return CompletableFuture.supplyAsync(() -> load.execute(startNanos, _ -> {}, readings::add));
    }

    @Test
    void whatTheRecordedPartNeedsIsThereBeforeTheFirstConnectionIsDue() throws Exception {
        boolean inTime = false;
        for (int i = 0; i < TRIES && !inTime; i++) {
            inTime = isRecordingBeforeItsStart();
        }
        assertThat(inTime).isTrue();
    }

    private boolean isRecordingBeforeItsStart() throws Exception {
        while (isWatchedForStalls()) {
            Thread.sleep(5); // the thread of the last try ends
        }
        long startNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        CompletableFuture<Measurement> measured = begin(load(4), startNanos);
        while (!isWatchedForStalls() && System.nanoTime() < startNanos) {
            Thread.sleep(5);
        }
        boolean inTime = System.nanoTime() < startNanos;
        measured.get(20, TimeUnit.SECONDS);
        return inTime;
    }

    private static boolean isWatchedForStalls() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().equals("stall-watch"));
    }

    @Test
    void theRecordedPartBeginsWithTheStartAllTheSame() throws Exception {
        long startNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        Instant start = Instant.now().plusNanos(startNanos - System.nanoTime());
        Measurement measured = begin(load(4), startNanos).get(20, TimeUnit.SECONDS);
        assertThat(measured.startedAt()).isAfter(start.minus(Duration.ofMillis(50)));
        assertThat(readings.getFirst().beginSeconds()).isNotNegative();
        assertThat(measured.total().started()).isEqualTo(4);
    }

    @Test
    void anInterruptionBeforeTheStartLeavesABalancedResultOfNothing() throws Exception {
        LoadRun load = load(4);
        CompletableFuture<Measurement> running = begin(load, System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
        load.interrupt();
        Measurement measured = running.get(20, TimeUnit.SECONDS);
        assertThat(measured.interrupted()).isTrue();
        assertThat(measured.total().started()).isZero();
        assertThat(load.mishaps(false).endedInWarmup()).isTrue();
        assertThat(readings).allMatch(each -> each.endMillis() >= each.beginMillis());
    }

    /** Making the first socket belongs to it: until it calls connect(2) no connection has been started. */
    @Test
    void theFirstStartIsAsLateAsItsConnect() throws Exception {
        LoadRun load = load(1);
        Measurement measured =
                begin(load, System.nanoTime() + TimeUnit.SECONDS.toNanos(1)).get(20, TimeUnit.SECONDS);
        Map<Metric, Histogram> latencies = measured.latencies().getOrDefault("only", Map.of());
        long delayNanos =
                Objects.requireNonNull(latencies.get(Metric.START_DELAY)).getMaxValue();
        assertThat(load.startLateNanos()).isCloseTo(delayNanos, within(delayNanos / 100 + 100));
    }
}
