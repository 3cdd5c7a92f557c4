package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.Figure;
import io.tcplab.loadgen.plan.FigureUnit;
import io.tcplab.loadgen.plan.KernelFigure;
import io.tcplab.loadgen.plan.KernelFigure.AcceptQueue.Length;
import io.tcplab.loadgen.plan.KernelFigure.Moment;
import io.tcplab.loadgen.plan.RunFigure;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.result.FigureReader;
import io.tcplab.loadgen.result.Summary;
import java.util.EnumMap;
import java.util.Map;

/**
 * The figures of a round that are compared, in the order of their weight for a reader, each with a key for JSON and a name with its unit;
 * times are in microseconds. A round that has no such figure (no requests, no TIME_WAIT observed) gives none.
 */
public enum ComparedFigure {
    CONNECTIONS(RunFigure.ACHIEVED, "connectionsPerSecond", "connections/s"),
    EXCHANGES(RunFigure.EXCHANGES, "exchangesPerSecond", "exchanges/s"),
    WORK_PER_CPU(RunFigure.EXCHANGES_PER_CPU_SECOND, "exchangesPerCpuSecond", "exchanges per CPU second"),
    CPU(RunFigure.CPU_PER_EXCHANGE, "cpuMicrosPerExchange", "CPU/exchange (µs)"),
    CLIENT_CPU(RunFigure.CLIENT_CPU_PER_EXCHANGE, "clientCpuMicrosPerExchange", "client CPU/exchange (µs)"),
    SERVER_CPU(RunFigure.SERVER_CPU_PER_EXCHANGE, "serverCpuMicrosPerExchange", "server CPU/exchange (µs)"),
    CONNECT_TEARDOWN(RunFigure.CONNECT_TEARDOWN_SHARE, "connectTeardownShare", "connect + teardown, share of time"),
    CONNECT_P50(Metric.CONNECT, Statistic.P50),
    CONNECT_P99(Metric.CONNECT, Statistic.P99),
    SERVICE_P50(Metric.SERVICE, Statistic.P50),
    SERVICE_P99(Metric.SERVICE, Statistic.P99),
    RESPONSE_P50(Metric.RESPONSE, Statistic.P50),
    RESPONSE_P99(Metric.RESPONSE, Statistic.P99),
    TEARDOWN_P50(Metric.TEARDOWN, Statistic.P50),
    TEARDOWN_P99(Metric.TEARDOWN, Statistic.P99),
    CLIENT_TIME_WAIT(
            new KernelFigure.TimeWait(Side.CLIENT, Moment.PEAK), "clientTimeWaitPeak", "client TIME_WAIT peak"),
    SERVER_TIME_WAIT(
            new KernelFigure.TimeWait(Side.SERVER, Moment.PEAK), "serverTimeWaitPeak", "server TIME_WAIT peak"),
    ACCEPT_QUEUE(new KernelFigure.AcceptQueue(Side.SERVER, Length.PEAK), "acceptQueuePeak", "accept queue peak"),
    ERRORS(new Figure.Errors(null, false), "errors", "errors");

    private static final double MICROS_PER_SECOND = 1e6;

    @SuppressWarnings("ImmutableEnumChecker") // each is a record or an enum
    private final Figure figure;

    private final String key;
    private final String label;

    ComparedFigure(Figure figure, String key, String label) {
        this.figure = figure;
        this.key = key;
        this.label = label;
    }

    ComparedFigure(Metric metric, Statistic statistic) {
        this(
                new Figure.Latency(null, metric, statistic),
                metric.key() + statistic.name() + "Micros",
                metric.key() + " " + statistic.key() + " (µs)");
    }

    /** The name in JSON. */
    public String key() {
        return key;
    }

    /** The name for a reader, with its unit. */
    public String label() {
        return label;
    }

    /** What it counts or from when to when it is measured. */
    public String meaning() {
        return figure.sentence();
    }

    /** Takes every figure that the round has. */
    public static Map<ComparedFigure, Double> of(Summary round) {
        Map<ComparedFigure, Double> figures = new EnumMap<>(ComparedFigure.class);
        for (ComparedFigure each : values()) {
            Double value = FigureReader.read(round, each.figure);
            if (value != null) {
                figures.put(each, each.figure.unit() == FigureUnit.TIME ? value * MICROS_PER_SECOND : value);
            }
        }
        return figures;
    }
}
