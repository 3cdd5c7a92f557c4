package io.tcplab.loadgen.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Whether a load that came to so much was held. */
class LimitTryTest {

    private static final double SECONDS = 4;

    private static LatencyStats always(long micros) {
        Histogram nanos = new Histogram(3);
        nanos.recordValue(micros * 1_000);
        return LatencyStats.of(nanos);
    }

    /** So many connections a second were offered and so many ended, each of which lasted so long; no threshold and no error. */
    private static Summary run(double offered, double achieved, long lifetimeMillis) {
        return run(offered, achieved, lifetimeMillis, 0);
    }

    private static Summary run(double offered, double achieved, long lifetimeMillis, long startDelayMillis) {
        Latencies latencies = new Latencies(Map.of(
                Metric.CONNECT, always(1_000),
                Metric.LIFETIME, always(lifetimeMillis * 1_000 - 1_000),
                Metric.RESPONSE, always(lifetimeMillis * 1_000),
                Metric.START_DELAY, always(startDelayMillis * 1_000)));
        long started = Math.round(offered * SECONDS);
        Outcomes outcomes = new Outcomes(started, Map.of(ConnectionOutcome.COMPLETED, started));
        Summary plain = Examples.summary();
        return new Summary(
                Head.of("far", plain.target(), Instant.EPOCH, SECONDS, 1),
                new Verdict(true, List.of(), List.of()),
                new Measured(
                        new Measured.Rates(offered, offered, achieved, achieved),
                        outcomes,
                        plain.exchanges(),
                        List.of(),
                        List.of(new Measured.Mix("a", outcomes, plain.exchanges(), latencies, null)),
                        List.of(),
                        latencies,
                        null,
                        null,
                        null,
                        null),
                plain.observed(),
                false);
    }

    @Test
    void whatKeepsEveryThresholdAndIsNotValidDoesNotHold() {
        Verdict.Warning late = new Verdict.Warning("lateCable", "packets left late", "wait", Map.of(), true);
        Verdict.Warning other = new Verdict.Warning("timeWaitBuckets", "many", "none", Map.of(), false);
        Summary plain = run(100, 100, 2);
        LimitTry spoilt = LimitTry.of(
                LimitFigure.RATE,
                100,
                0,
                plain.with(new Verdict(false, List.of(other, late), List.of())),
                Path.of("try"));
        assertThat(spoilt.held()).isFalse();
        assertThat(spoilt.spoilt()).isTrue();
        assertThat(spoilt.missed()).containsExactly("not valid (lateCable)");
        LimitTry slow = LimitTry.of(
                LimitFigure.RATE,
                100,
                0,
                run(100, 50, 2).with(new Verdict(false, List.of(late), List.of())),
                Path.of("try"));
        assertThat(slow.spoilt()).as("it was too slow, too").isFalse();
        assertThat(slow.missed()).containsExactly("50 of 100/s achieved");
        assertThat(LimitTry.of(LimitFigure.RATE, 100, 0, plain, Path.of("try")).spoilt())
                .isFalse();
    }

    private static boolean held(LimitFigure figure, double asked, long warmupMillis, Summary result) {
        return LimitTry.of(figure, asked, warmupMillis * 1_000_000, result, Path.of("try"))
                .held();
    }

    @Test
    void whatMustBeInProgressAtTheEndIsNotMissing() {
        // 300 ms without a warm-up: of 4 s, the connections of the last 0.3 s.
        assertThat(held(LimitFigure.RATE, 100, 0, run(100, 92.5, 300))).isTrue();
        assertThat(held(LimitFigure.RATE, 100, 0, run(100, 87.5, 300))).isFalse();
        assertThat(held(LimitFigure.REQUESTS, 100, 0, run(100, 92.5, 300))).isTrue();
        assertThat(held(LimitFigure.REQUESTS, 100, 0, run(100, 87.5, 300))).isFalse();
    }

    @Test
    void whatTheWarmupBeganEndsInTheRecordedPartInItsPlace() {
        assertThat(held(LimitFigure.RATE, 100, 1_000, run(100, 92.5, 300))).isFalse();
        assertThat(held(LimitFigure.RATE, 100, 1_000, run(100, 99, 300))).isTrue();
        assertThat(held(LimitFigure.RATE, 100, 1_000, run(100, 87.5, 1_500))).isTrue();
    }

    @Test
    void aQueueThatGrowsIsNoLongLife() {
        // The first connections met no queue.
        assertThat(held(LimitFigure.RATE, 1_030, 0, run(1_030, 1_000, 2))).isFalse();
    }

    /** A loop that is busy with one connection after another has never so many open as it was asked for, and no error. */
    @Test
    void aConcurrencyThatTheGeneratorDoesNotReachIsNotHeld() {
        assertThat(held(LimitFigure.CONCURRENCY, 64, 1_000, run(500, 500, 4, 130)))
                .isFalse();
        assertThat(LimitTry.of(LimitFigure.CONCURRENCY, 64, 0, run(500, 500, 4, 124), Path.of("try"))
                        .missed())
                .containsExactly("2.0 of 64 at a time");
        assertThat(held(LimitFigure.CONCURRENCY, 64, 1_000, run(12_800, 12_800, 5, 0)))
                .isTrue();
    }
}
