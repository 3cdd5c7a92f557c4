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
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class PipedViewTest {

    private static final long SECOND = 1_000_000_000L;

    private record Queued(long times) implements RunWarning {
        @Override
        public String when() {
            return "a test says so";
        }

        @Override
        public String message() {
            return "the queue was full " + times + " times – or more";
        }

        @Override
        public String advice() {
            return "raise it";
        }
    }

    /** Keeps what it is given. */
    private static final class Kept implements View {
        private final RunTally run = new RunTally(tenASecond());
        private final List<String> said = new ArrayList<>();

        @Override
        public boolean draws() {
            return true;
        }

        @Override
        public RunView begins(Undertaking undertaking) {
            return run;
        }

        @Override
        public void stage(String sentence, int done, int of) {}

        @Override
        public void says(String sentence) {
            said.add(sentence);
        }

        @Override
        public void endsBy(Runnable end) {}

        @Override
        public void close() {}
    }

    private static Undertaking tenASecond() {
        Load load = new Load.Open(List.of(new Load.RateSegment(10, 10, Long.MAX_VALUE)), Load.Arrivals.CONSTANT);
        return new Undertaking("ten", "10/s", load, 0, 4 * SECOND, Long.MAX_VALUE, List.of());
    }

    private static IntervalReading second(int number, long started, long refused, long connectNanos) {
        long[] outcomes = new long[ConnectionOutcome.values().length];
        outcomes[ConnectionOutcome.REFUSED.ordinal()] = refused;
        outcomes[ConnectionOutcome.COMPLETED.ordinal()] = started - refused;
        LedgerReading counts = new LedgerReading(started, started, started, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, outcomes);
        Histogram connects = LatencyRecorder.newHistogram();
        connects.recordValue(connectNanos);
        return new IntervalReading(
                number * 1000L,
                number * 1000L + 1000,
                number,
                Map.of("short", counts),
                Map.of("short", Map.of(Metric.CONNECT, connects)),
                Map.of(),
                3);
    }

    private static TimelineRow server(double second, long queued) {
        return new TimelineRow(
                second,
                Side.SERVER,
                null,
                new TimelineRow.Kernel(
                        queued,
                        16L,
                        Map.of("TIME_WAIT", 7L),
                        Map.of(KernelCounter.LISTEN_OVERFLOWS.kernelName(), 2L),
                        1));
    }

    /** What a process prints whose run reads this. */
    private static List<String> printed(Consumer<RunView> run) {
        StringWriter lines = new StringWriter();
        try (PipedView view = new PipedView(new PrintWriter(lines, true), InputStream.nullInputStream())) {
            view.says("198.18.0.2:80 takes connections");
            run.accept(view.begins(tenASecond()));
        }
        return lines.toString().lines().toList();
    }

    private static void twoSeconds(RunView run) {
        run.judgedBy(false, () -> List.of(new Queued(9)));
        run.recordsFrom(System.nanoTime() - SECOND);
        run.row(server(0.1, 17));
        run.row(server(0.2, 4));
        run.reading(second(0, 10, 0, 50_000));
        run.reading(second(1, 8, 2, 70_000));
    }

    @Test
    void aRunInAnotherProcessIsShownAsOneInThisOneIs() {
        Kept there = new Kept();
        PipedRuns runs = new PipedRuns(there, tenASecond(), 1);
        printed(PipedViewTest::twoSeconds).forEach(line -> runs.take(0, line));
        RunTally here = new RunTally(tenASecond());
        twoSeconds(here);
        here.judge(System.nanoTime());
        Scene shown = there.run.scene("tcplab run", System.nanoTime());
        Scene own = here.scene("tcplab run", System.nanoTime());
        assertThat(shown.outcomes()).isEqualTo(own.outcomes());
        assertThat(shown.kernel()).isEqualTo(own.kernel());
        assertThat(shown.latencies().getFirst().all())
                .isEqualTo(own.latencies().getFirst().all());
        assertThat(shown.gauges().getFirst().now())
                .isEqualTo(own.gauges().getFirst().now());
        assertThat(shown.progress().seconds()).isBetween(1.0, 5.0);
        assertThat(shown.events())
                .extracting(Scene.Event::text)
                .containsExactly("the queue was full 9 times – or more");
        assertThat(there.said).containsExactly("198.18.0.2:80 takes connections");
    }

    @Test
    void severalAreShownAsOneAsSoonAsEachHasRead() {
        Kept together = new Kept();
        PipedRuns runs = new PipedRuns(together, tenASecond(), 2);
        List<String> lines = printed(PipedViewTest::twoSeconds);
        lines.forEach(line -> runs.take(0, line));
        assertThat(together.run.scene("", 0).outcomes().getFirst().all()).isZero();
        lines.forEach(line -> runs.take(1, line));
        Scene shown = together.run.scene("", System.nanoTime());
        assertThat(shown.outcomes().getFirst().all()).isEqualTo(36);
        assertThat(shown.kernel().getFirst().server())
                .as("of which side would it be?")
                .isEqualTo("–");
        assertThat(shown.events())
                .extracting(Scene.Event::text)
                .first()
                .asString()
                .startsWith("shard ");
        assertThat(together.said).hasSize(1);
    }

    @Test
    void oneThatHasEndedIsNotWaitedFor() {
        Kept together = new Kept();
        PipedRuns runs = new PipedRuns(together, tenASecond(), 2);
        printed(PipedViewTest::twoSeconds).forEach(line -> runs.take(0, line));
        runs.follow(1, InputStream.nullInputStream());
        runs.finish();
        assertThat(together.run
                        .scene("", System.nanoTime())
                        .outcomes()
                        .getFirst()
                        .all())
                .isEqualTo(18);
    }

    @Test
    void whatIsNoLineOfARunIsNotShown() {
        Kept view = new Kept();
        PipedRuns runs = new PipedRuns(view, tenASecond(), 1);
        for (String line :
                List.of("", "written to results", "{", "{\"is\":\"other\"}", "{\"is\":\"second\"}", "null")) {
            runs.take(0, line);
        }
        assertThat(view.run.scene("", 0).outcomes().getFirst().all()).isZero();
    }

    @Test
    void theWordOnStdinEndsTheRun() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        byte[] asked = ("?\n" + PipedView.END + "\n").getBytes(StandardCharsets.UTF_8);
        try (PipedView view = new PipedView(new PrintWriter(new StringWriter()), new ByteArrayInputStream(asked))) {
            view.endsBy(ended::countDown);
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void nobodyLooksWhereNothingIsShown() {
        assertThat(new PipedRuns(View.NONE, tenASecond(), 1).areSeen()).isFalse();
        assertThat(new PipedRuns(new Kept(), tenASecond(), 1).areSeen()).isTrue();
    }
}
