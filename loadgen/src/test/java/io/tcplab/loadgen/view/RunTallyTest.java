package io.tcplab.loadgen.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class RunTallyTest {

    private static final long SECOND = 1_000_000_000L;

    private record Queued(long times) implements RunWarning {
        @Override
        public String when() {
            return "a test says so";
        }

        @Override
        public String message() {
            return "the queue was full " + times + " times";
        }

        @Override
        public String advice() {
            return "raise it";
        }
    }

    private static Undertaking tenASecond() {
        Load load = new Load.Open(List.of(new Load.RateSegment(10, 10, Long.MAX_VALUE)), Load.Arrivals.CONSTANT);
        return new Undertaking("ten", "10/s", load, SECOND, 4 * SECOND, Long.MAX_VALUE, List.of());
    }

    private static IntervalReading second(int number, long started, long refused, long connectNanos) {
        return reading(number, 1000, started, refused, connectNanos);
    }

    private static IntervalReading reading(int number, int millis, long started, long refused, long connectNanos) {
        long[] outcomes = new long[ConnectionOutcome.values().length];
        outcomes[ConnectionOutcome.REFUSED.ordinal()] = refused;
        outcomes[ConnectionOutcome.COMPLETED.ordinal()] = started - refused;
        LedgerReading counts = new LedgerReading(started, started, started, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, outcomes);
        Histogram connects = LatencyRecorder.newHistogram();
        connects.recordValue(connectNanos);
        return new IntervalReading(
                number * 1000L,
                number * 1000L + millis,
                number,
                Map.of("short", counts),
                Map.of("short", Map.of(Metric.CONNECT, connects)),
                Map.of(),
                3);
    }

    private static Scene.Gauge gauge(Scene scene, String name) {
        return scene.gauges().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSecondIsHeldAgainstItsPlan() {
        RunTally run = new RunTally(tenASecond());
        run.recordsFrom(0);
        run.reading(second(0, 10, 0, 50_000));
        assertThat(gauge(run.scene("tcplab run", SECOND), "connections/s"))
                .returns(10.0, Scene.Gauge::now)
                .returns(10.0, Scene.Gauge::plan)
                .returns(false, Scene.Gauge::missed);
        run.reading(second(1, 5, 0, 50_000));
        assertThat(gauge(run.scene("tcplab run", 2 * SECOND), "connections/s").missed())
                .isTrue();
    }

    @Test
    void whatComesAfterThePlansEndIsHeldAgainstNoPlan() {
        RunTally run = new RunTally(tenASecond());
        run.recordsFrom(0);
        run.reading(second(4, 0, 0, 50_000));
        Scene scene = run.scene("tcplab run", 5 * SECOND);
        assertThat(gauge(scene, "connections/s").plan()).isNull();
        assertThat(scene.state()).isEqualTo("waiting for open connections");
    }

    @Test
    void outcomesAddUpAndErrorsAreNamed() {
        RunTally run = new RunTally(tenASecond());
        run.recordsFrom(0);
        run.reading(second(0, 10, 4, 50_000));
        run.reading(second(1, 10, 1, 50_000));
        assertThat(run.scene("tcplab run", 2 * SECOND).outcomes())
                .contains(new Scene.Outcome("started", 20, 10, false))
                .contains(new Scene.Outcome("completed", 15, 9, false))
                .contains(new Scene.Outcome("refused", 5, 1, true));
    }

    @Test
    void theLastSecondAndAllHavePercentilesOfTheirOwn() {
        RunTally run = new RunTally(tenASecond());
        run.reading(second(0, 1, 0, 1_000_000));
        run.reading(second(1, 1, 0, 50_000));
        Scene.Delay connect = run.scene("tcplab run", 0).latencies().getFirst();
        assertThat(connect.name()).isEqualTo("connect");
        assertThat(connect.last()).isNotNull();
        assertThat(connect.last().p99()).isBetween(49.0, 51.0);
        assertThat(connect.all().max()).isBetween(999.0, 1001.0);
        assertThat(connect.history().size()).isEqualTo(2);
    }

    @Test
    void aWarningKeepsItsFirstTimeAndHasItsNewestFigures() {
        RunTally run = new RunTally(tenASecond());
        run.recordsFrom(0);
        run.judgedBy(false, () -> List.of(new Queued(1)));
        run.judge(SECOND);
        run.judgedBy(false, () -> List.of(new Queued(7)));
        run.judge(3 * SECOND);
        assertThat(run.scene("tcplab run", 3 * SECOND).events())
                .containsExactly(
                        new Scene.Event(1.0, Scene.Event.Kind.WARNING, "the queue was full 7 times", "raise it"));
    }

    @Test
    void anOverflowProvesALongerQueueThanWasSeen() {
        RunTally run = new RunTally(tenASecond());
        run.row(new TimelineRow(0, Side.SERVER, null, new TimelineRow.Kernel(3L, 16L, Map.of(), Map.of(), 1)));
        assertThat(run.scene("tcplab run", 0).kernel()).contains(new Scene.KernelLine("  longest", "", "3", false));
        run.warned(List.of(new Warned("acceptQueueOverflowed", "it overflowed", "raise it")));
        assertThat(run.scene("tcplab run", 0).kernel()).contains(new Scene.KernelLine("  longest", "", "17", true));
    }

    /** A busy machine lets states be read more rarely than anything else. */
    @Test
    void aNumberOfSocketsThatWasNotReadIsNoZero() {
        RunTally run = new RunTally(tenASecond());
        assertThat(timeWaits(run, 0, Map.of())).isEqualTo("–");
        assertThat(timeWaits(run, 1, Map.of("LISTEN", 1L))).isEqualTo("–");
        assertThat(timeWaits(run, 2, Map.of("TIME_WAIT", 1_200L))).isEqualTo("1,200");
        assertThat(timeWaits(run, 4, Map.of())).isEqualTo("1,200");
        assertThat(timeWaits(run, 4.5, Map.of("SYN_RECV", 2L))).isEqualTo("~1,200");
    }

    private static String timeWaits(RunTally run, double second, Map<String, Long> states) {
        run.row(new TimelineRow(second, Side.SERVER, null, new TimelineRow.Kernel(0L, 16L, states, Map.of(), 1)));
        return run.scene("tcplab run", SECOND).kernel().stream()
                .filter(line -> line.name().equals("TIME_WAIT"))
                .findFirst()
                .orElseThrow()
                .server();
    }

    @Test
    void theStateNamesTheWarmupUntilItIsOver() {
        RunTally run = new RunTally(tenASecond());
        assertThat(run.scene("tcplab run", 0).state()).isEqualTo("starting");
        run.recordsFrom(SECOND);
        assertThat(run.scene("tcplab run", 0).state()).startsWith("warming up");
        Scene scene = run.scene("tcplab run", 3 * SECOND);
        assertThat(scene.state()).isEmpty();
        assertThat(scene.progress()).isEqualTo(new Scene.Progress(2, 0.5, 2.0));
    }

    @Test
    void theNextRoundShowsWhatTheOneBeforeMeasured() {
        RunTally first = new RunTally(tenASecond());
        first.reading(second(0, 10, 1, 1_000_000));
        first.reading(second(1, 12, 0, 1_000_000));
        RunTally next = new RunTally(tenASecond());
        next.takeEvents(first);
        assertThat(next.scene("tcplab compare", 0).events())
                .extracting(Scene.Event::text)
                .containsExactly("ten: 11/s, 1 error");
    }

    /** The contenders of a comparison may be the members of one profile, and a practice round counts for nothing. */
    @Test
    void aRoundIsCalledByItsContender() {
        RunTally practice = new RunTally(tenASecond(), "round 1 of 5: a");
        practice.reading(reading(0, 300, 3, 0, 1_000_000));
        RunTally first = new RunTally(tenASecond(), "round 1 of 5: a");
        first.takeEvents(practice);
        first.reading(second(0, 10, 0, 1_000_000));
        RunTally next = new RunTally(tenASecond(), "round 1 of 5: b");
        next.takeEvents(first);
        assertThat(next.scene("tcplab compare", 0).events())
                .extracting(Scene.Event::text)
                .containsExactly("round 1 of 5: a: 10/s, 0 errors");
    }

    @Test
    void beforeTheFirstRunNoFigureIsShown() {
        Scene scene = new RunTally(Undertaking.NONE).scene("tcplab compare", 0);
        assertThat(scene.gauges()).isEmpty();
        assertThat(scene.kernel()).isEmpty();
        assertThat(scene.state()).isEqualTo("starting");
    }

    @Test
    void aCountOfOneNamespaceIsShownOnce() {
        TimelineRow.Kernel kernel = new TimelineRow.Kernel(
                3L, 16L, Map.of(), Map.of(KernelCounter.RETRANSMITTED_SEGMENTS.kernelName(), 7L), 1);
        RunTally run = new RunTally(tenASecond());
        run.row(new TimelineRow(0, Side.SERVER, null, kernel));
        assertThat(run.scene("tcplab run", 0).kernel())
                .contains(new Scene.KernelLine("retransmits", "–", "7", true))
                .contains(new Scene.KernelLine("accept queue", "", "3 of 16", false));
        run.judgedBy(true, List::of);
        assertThat(run.scene("tcplab run", 0).kernel())
                .contains(new Scene.KernelLine("retransmits, all", "", "7", false));
    }

    @Test
    void aPortIsSeenSecondBySecond() {
        RunTally run = new RunTally(Undertaking.observing(80, "on this host", 4 * SECOND));
        run.recordsFrom(0);
        for (long length : new long[] {1, 9, 2}) {
            run.row(new TimelineRow(
                    0.5, Side.SERVER, null, new TimelineRow.Kernel(length, 16L, Map.of(), Map.of(), 1)));
        }
        run.row(new TimelineRow(1.1, Side.SERVER, null, new TimelineRow.Kernel(0L, 16L, Map.of(), Map.of(), 1)));
        assertThat(gauge(run.scene("tcplab observe", SECOND), "accept queue"))
                .returns(9.0, Scene.Gauge::now)
                .returns(16.0, Scene.Gauge::plan);
    }
}
