package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.loadgen.plan.Threshold.Comparison;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThresholdShapeTest {

    private static Threshold read(String expression) {
        Node item = new Node.Text(Mark.whole("p.yaml"), expression, false);
        Set<String> targets = Set.of("127.0.0.1:80", "[::1]:80", "a.example:8080");
        return new ThresholdShape(Set.of("short"), Set.of("get"), targets).read(new Value("thresholds.0", item));
    }

    @ParameterizedTest
    @CsvSource({
        "connect.p99 < 5ms, connect.p99, LESS, 0.005",
        "errors.rate < 0.1%, errors.rate, LESS, 0.001",
        "short.errors.rate<=0.5, short.errors.rate, AT_MOST, 0.5",
        "exchangeErrorRate < 1%, exchanges.errorRate, LESS, 0.01",
        "short.exchanges.notBegun == 0, short.exchanges.notBegun, EQUAL, 0",
        "server.listenOverflows == 0, server.listenOverflows, EQUAL, 0",
        "client.acceptQueue.peak != 3, client.acceptQueue.peak, NOT_EQUAL, 3",
        "short.service.p50 < 1ms, short.service.p50, LESS, 0.001",
        "rates.achieved >= 4900/s, rates.achieved, AT_LEAST, 4900",
        "outcomes.completed > 10k, outcomes.completed, GREATER, 10000",
        "short.connect.count > 5, short.connect.count, GREATER, 5",
        "generator.eventLoopBusy < 80%, generator.eventLoopBusy, LESS, 0.8",
        "generator.gcPauses.maxMillis < 2.5, generator.gcPauses.maxMillis, LESS, 2.5",
        "errors.count == 0, errors.count, EQUAL, 0",
        "short.errors.count == 0, short.errors.count, EQUAL, 0",
        "server.peakStates.CLOSE_WAIT == 0, server.peakStates.CLOSE_WAIT, EQUAL, 0",
        "client.finalStates.FIN_WAIT2 < 3, client.finalStates.FIN_WAIT2, LESS, 3",
        "client.TcpExt.TWRecycled > 0, client.timeWaitsReused, GREATER, 0",
        "client.counters.TcpExt.TWRecycled > 0, client.timeWaitsReused, GREATER, 0",
        "client.twRecycled > 0, client.timeWaitsReused, GREATER, 0",
        "step.get.p99 < 5ms, step.get.p99, LESS, 0.005",
        "short.step.get.count > 5, short.step.get.count, GREATER, 5",
        "client.timeWait.peak < 20k, client.timeWait.peak, LESS, 20000",
        "server.acceptQueue.peak <= 128, server.acceptQueue.peak, AT_MOST, 128",
        "targets.127.0.0.1:80.connect.p99 < 5ms, targets.127.0.0.1:80.connect.p99, LESS, 0.005",
        "targets[127.0.0.1:80].errors.rate < 1%, targets.127.0.0.1:80.errors.rate, LESS, 0.01",
        "targets.[::1]:80.outcomes.completed > 5, targets.[::1]:80.outcomes.completed, GREATER, 5",
        "targets[[::1]:80].exchanges.answered > 5, targets.[::1]:80.exchanges.answered, GREATER, 5",
        "targets.a.example:8080.server.acceptQueue.peak < 5, targets.a.example:8080.server.acceptQueue.peak, LESS, 5",
    })
    void anExpressionIsReadInBaseUnits(String expression, String figure, Comparison comparison, double limit) {
        Threshold read = read(expression);
        assertThat(read.expression()).isEqualTo(expression);
        assertThat(read.figure().key()).isEqualTo(figure);
        assertThat(read.comparison()).isEqualTo(comparison);
        assertThat(read.limit()).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect.p99 < 5",
                "connect.p98 < 5ms",
                "connect < 5ms",
                "conect.p99 < 5ms",
                "p99 < 5ms",
                "step.got.p99 < 5ms",
                "step.get < 5ms",
                "long.connect.p99 < 5ms",
                "short < 5",
                "short. < 5",
                "short.rates.achieved > 5",
                "short.server.listenOverflows == 0",
                "rates.achieved > 5ms",
                "rates.lost > 5",
                "rates. > 5",
                "server.nothingOfTheKind == 0",
                "server.counters.listenOverflows == 0",
                "server.UdpExt.Things == 0",
                "server.peakStates.NEW_SYN_RECV == 0",
                "outcomes.refusd == 0",
                "outcomes.refused == 0.5",
                "errors.rate < 1ms",
                "errors.rate ~ 1",
                "errors.rate < -1",
                "errors.rate",
                "targets.127.0.0.1:81.connect.p99 < 5ms",
                "targets.127.0.0.1:80.short.connect.p99 < 5ms",
                "targets.127.0.0.1:80.step.get.p99 < 5ms",
                "targets.127.0.0.1:80.server.listenOverflows == 0",
                "targets.127.0.0.1:80.rates.achieved > 5/s",
                "targets.127.0.0.1:80 < 5",
                "",
            })
    void anExpressionOfUnknownShapeIsRefused(String expression) {
        assertThatExceptionOfType(ProfileError.class).isThrownBy(() -> read(expression));
    }

    @ParameterizedTest
    @CsvSource({
        "server.listenOverflow == 0, listenOverflows",
        "server.peakStates.CLOSEWAIT == 0, CLOSE_WAIT",
        "server.peakState.CLOSE_WAIT == 0, peakStates.CLOSE_WAIT",
        "client.peakStates.OPEN == 0, ESTABLISHED",
        "client.timeWait.paek > 0, timeWait.peak",
        "errors.cuont == 0, count",
        "targets.127.0.0.1:81.connect.p99 < 5ms, 127.0.0.1:80",
        "generator.gcPauses.max < 2, gcPauses.maxMillis",
    })
    void aFigureThatTheKernelDoesNotHaveIsRefusedWithAdvice(String expression, String meant) {
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> read(expression))
                .withMessageContaining(meant);
    }

    /** The other names of a figure are names of the same one. */
    @ParameterizedTest
    @CsvSource({
        "server.acceptQueueP99, server.acceptQueue.p99",
        "server.acceptQueueLimit, server.acceptQueue.limit",
        "client.timeWaitFinal, client.timeWait.final",
        "server.ListenOverflows, server.listenOverflows",
        "server.TcpExt.ListenOverflows, server.listenOverflows",
        "server.counters.TcpExt.ListenOverflows, server.listenOverflows",
        "client.outRsts, client.outResets",
        "client.TcpExt.TCPSomethingNew, client.TcpExt.TCPSomethingNew",
        "generator.gcPauses, generator.gcPauses.count",
    })
    void aFigureHasOneKey(String name, String key) {
        assertThat(read(name + " > 0").figure().key()).isEqualTo(key);
        assertThat(read(key + " > 0").figure()).isEqualTo(read(name + " > 0").figure());
    }
}
