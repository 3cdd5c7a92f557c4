package io.tcplab.loadgen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.judge.warning.InvariantBroken;
import io.tcplab.loadgen.plan.Figure;
import io.tcplab.loadgen.plan.Threshold;
import io.tcplab.loadgen.plan.Threshold.Comparison;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.report.text.JunitReport;
import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThresholdCheckTest {

    private static final Set<String> MIXES = Set.of("short", "keepalive");

    @ParameterizedTest
    @CsvSource({
        "rates.offered, 5000",
        "rates.achieved, 4997.3",
        "outcomes.started, 50000",
        "outcomes.refused, 12",
        "short.outcomes.refused, 12",
        "keepalive.outcomes.refused, 0",
        "errors.count, 24",
        "errors.rate, 0.00048",
        "keepalive.errors.rate, 0.0012",
        "exchanges.answered, 1039985",
        "keepalive.exchanges.lost, 5",
        "exchangeErrorRate, 4.807738535947461E-6",
        "connect.count, 50000",
        "short.connect.count, 40000",
        "server.listenOverflows, 40",
        "server.ListenOverflows, 40",
        "server.TcpExt.ListenOverflows, 40",
        "server.counters.TcpExt.ListenOverflows, 40",
        "server.acceptQueuePeak, 17",
        "server.acceptQueue.limit, 16",
        "server.timeWaitPeak, 3",
        "server.timeWait.final, 0",
        "server.peakStates.CLOSE_WAIT, 9",
        "server.finalStates.CLOSE_WAIT, 0",
        "server.syncookiesSent, 0",
        "server.TcpExt.TCPSomethingNew, 0",
        "client.timeWaitFinal, 28100",
        "client.outRsts, 5",
        "generator.eventLoopBusy, 0.431",
        "generator.gcPauses, 3",
        "generator.gcPauses.maxMillis, 2.25",
    })
    void aFigureIsFoundByItsName(String figure, double expected) {
        assertThat(actual(figure)).isEqualTo(expected);
    }

    @Test
    void aLatencyIsComparedInSeconds() {
        Double micros = Examples.summary().latencies().of(Metric.CONNECT).p99Micros();
        assertThat(actual("connect.p99")).isEqualTo(Objects.requireNonNull(micros) / 1e6);
        assertThat(verdict("connect.p99", Comparison.LESS, 0.005).passed()).isTrue();
        assertThat(verdict("connect.p99", Comparison.LESS, 0.000_001).passed()).isFalse();
    }

    @Test
    void aLimitItselfIsKeptByAtMostAndNotByLess() {
        assertThat(verdict("outcomes.refused", Comparison.AT_MOST, 12).passed()).isTrue();
        assertThat(verdict("outcomes.refused", Comparison.LESS, 12).passed()).isFalse();
        assertThat(verdict("outcomes.refused", Comparison.NOT_EQUAL, 12).passed())
                .isFalse();
    }

    @Test
    void aFigureThatWasNotObservedFailsWhateverTheLimit() {
        List<Figure> absent = List.of(
                figure("client.acceptQueuePeak"),
                figure("closeCall.p99"),
                new Figure.Latency("nobody", Metric.CONNECT, Statistic.P99));
        for (Figure figure : absent) {
            for (Comparison comparison : Comparison.values()) {
                Verdict.ThresholdResult verdict = verdict(figure, comparison, 0);
                assertThat(verdict.actual()).isNull();
                assertThat(verdict.passed()).isFalse();
            }
        }
    }

    /** Nothing had overflowed when the observer went away: what came then is not known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.synRetransmits",
                "server.timeWaitFinal",
                "server.acceptQueuePeak",
                "server.peakStates.CLOSE_WAIT"
            })
    void aFigureOfASideThatWasNotSeenToTheEndFails(String name) {
        Figure figure = figure(name);
        SideFigures whole = Examples.serverSide();
        SideFigures partial = new SideFigures(
                whole.counters(),
                whole.peakStates(),
                null,
                whole.acceptQueue(),
                List.of(),
                new KernelFigures.TimeWait(3, null),
                9000,
                2.5);

        assertThat(value(whole, figure)).isNotNull();
        assertThat(value(partial, figure)).isNull();
    }

    private static @Nullable Double value(SideFigures server, Figure figure) {
        Summary summary = Examples.with(new KernelFigures(null, server));
        return ThresholdCheck.evaluate(summary, List.of(new Threshold("as written", figure, Comparison.EQUAL, 0)))
                .getFirst()
                .actual();
    }

    @Test
    void aLatencyWithoutSamplesHasACount() {
        assertThat(actual("closeCall.count")).isZero();
    }

    @Test
    void theJunitReportHasACaseForEachThresholdAndOneForValidity() {
        String xml = JunitReport.of(Examples.summary());
        assertThat(xml)
                .contains("tests=\"3\" failures=\"1\" errors=\"0\"")
                .contains("name=\"connect.p99 &lt; 5ms\"")
                .contains("<failure message=\"the figure is 0.048%\"");
        String invalid =
                JunitReport.of(Examples.invalid(new InvariantBroken("started = sum of outcomes", 5, 4).inWords()));
        assertThat(invalid)
                .contains("errors=\"1\"")
                .contains("an internal check failed: started = sum of outcomes (5 against 4)");
    }

    @Test
    void theJunitReportNamesWhatInvalidatesAndAnInterruption() {
        Summary summary = Examples.summary();
        Verdict.Warning harmless = summary.warnings().getFirst();
        Verdict.Warning grave = new InvariantBroken("started = sum of outcomes", 5, 4).inWords();
        assertThat(JunitReport.of(summary.with(summary.verdict().withWarnings(false, List.of(harmless, grave)))))
                .contains("<error message=\"an internal check failed");
        Summary interrupted =
                new Summary(summary.head(), summary.verdict(), summary.measured(), summary.observed(), true);
        assertThat(JunitReport.of(interrupted)).contains("<error message=\"the run was interrupted");
    }

    @ParameterizedTest
    @CsvSource({
        "connect.p99 < 5ms, 0.000205, 205 µs",
        "latencies.connect.p99Micros < 5ms, 0.000205, 205 µs",
        "server.acceptQueue.p99 <= 128, 14, 14",
        "server.acceptQueuePeak <= 128, 17, 17",
        "errors.rate < 0.1%, 0.00048, 0.048%",
    })
    void aFigureIsSaidInItsOwnUnit(String expression, double actual, String words) {
        assertThat(ThresholdWords.actual(new Verdict.ThresholdResult(expression, actual, true)))
                .isEqualTo(words);
    }

    private static Figure figure(String name) {
        return Objects.requireNonNull(Figure.named(name, MIXES), name);
    }

    private static Verdict.ThresholdResult verdict(String figure, Comparison comparison, double limit) {
        return verdict(figure(figure), comparison, limit);
    }

    private static Verdict.ThresholdResult verdict(Figure figure, Comparison comparison, double limit) {
        return ThresholdCheck.evaluate(
                        Examples.summary(), List.of(new Threshold("as written", figure, comparison, limit)))
                .getFirst();
    }

    private static double actual(String figure) {
        return Objects.requireNonNull(verdict(figure, Comparison.AT_LEAST, 0).actual(), figure);
    }
}
