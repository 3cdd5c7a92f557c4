package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a round that are compared, in the order of their weight for a reader. Each has a key for JSON, a name, a unit, and
 * the way it is taken from a round's summary; a round that has no such figure (no requests, no TIME_WAIT observed) gives none.
 */
public enum ComparedFigure {
    CONNECTIONS("connectionsPerSecond", "connections/s", "completed in the recorded time", true),
    EXCHANGES("exchangesPerSecond", "exchanges/s", "requests answered in the recorded time", true),
    WORK_PER_CPU("exchangesPerCpuSecond", "exchanges per CPU second", "CPU time of both processes", true),
    CLIENT_CPU("clientCpuMicrosPerExchange", "client CPU/exchange (µs)", "CPU time of the generator's process", true),
    SERVER_CPU(
            "serverCpuMicrosPerExchange",
            "server CPU/exchange (µs)",
            "CPU time of the companion's process since it was ready",
            true),
    CONNECT_TEARDOWN(
            "connectTeardownShare",
            "connect + teardown, share of time",
            "the share of their lifetime that connections spent in handshake and close",
            false),
    CONNECT_P50("connectP50Micros", "connect p50 (µs)", "connect(2) called to handshake seen", false),
    CONNECT_P99("connectP99Micros", "connect p99 (µs)", "connect(2) called to handshake seen", false),
    SERVICE_P50("serviceP50Micros", "service p50 (µs)", "request written to response read", false),
    SERVICE_P99("serviceP99Micros", "service p99 (µs)", "request written to response read", false),
    RESPONSE_P50("responseP50Micros", "response p50 (µs)", "intended start to response read", false),
    RESPONSE_P99("responseP99Micros", "response p99 (µs)", "intended start to response read", false),
    TEARDOWN_P50("teardownP50Micros", "teardown p50 (µs)", "FIN to the peer's FIN", false),
    TEARDOWN_P99("teardownP99Micros", "teardown p99 (µs)", "FIN to the peer's FIN", false),
    CLIENT_TIME_WAIT("clientTimeWaitPeak", "client TIME_WAIT peak", "sockets", true),
    SERVER_TIME_WAIT("serverTimeWaitPeak", "server TIME_WAIT peak", "sockets", true),
    ACCEPT_QUEUE("acceptQueuePeak", "accept queue peak", "connections not yet accepted", false),
    ERRORS("errors", "errors", "connections that did not end as planned", true);

    private final String key;
    private final String label;
    private final String meaning;
    private final boolean telling;

    ComparedFigure(String key, String label, String meaning, boolean telling) {
        this.key = key;
        this.label = label;
        this.meaning = meaning;
        this.telling = telling;
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
        return meaning;
    }

    /** Whether the sentence on top may speak of it. */
    boolean telling() {
        return telling;
    }

    /** Takes every figure that the round has. */
    public static Map<ComparedFigure, Double> of(Summary round) {
        Map<ComparedFigure, Double> figures = new EnumMap<>(ComparedFigure.class);
        for (ComparedFigure figure : values()) {
            Double value = figure.in(round);
            if (value != null) {
                figures.put(figure, value);
            }
        }
        return figures;
    }

    private @Nullable Double in(Summary round) {
        return switch (this) {
            case CONNECTIONS -> round.rates().achieved();
            case EXCHANGES -> round.rates().exchanges();
            case CLIENT_CPU -> perExchange(round.generator().cpuSeconds(), recordedWork(round));
            case SERVER_CPU -> serverCpu(round);
            case WORK_PER_CPU -> workPerCpu(round);
            case CONNECT_TEARDOWN -> connectTeardown(round.latencies());
            case CONNECT_P50 -> round.latencies().of(Metric.CONNECT).p50Micros();
            case CONNECT_P99 -> p99(round.latencies().of(Metric.CONNECT));
            case SERVICE_P50 -> round.latencies().of(Metric.SERVICE).p50Micros();
            case SERVICE_P99 -> p99(round.latencies().of(Metric.SERVICE));
            case RESPONSE_P50 -> round.latencies().of(Metric.RESPONSE).p50Micros();
            case RESPONSE_P99 -> p99(round.latencies().of(Metric.RESPONSE));
            case TEARDOWN_P50 -> round.latencies().of(Metric.TEARDOWN).p50Micros();
            case TEARDOWN_P99 -> p99(round.latencies().of(Metric.TEARDOWN));
            case CLIENT_TIME_WAIT -> timeWaitPeak(round.kernel().client());
            case SERVER_TIME_WAIT -> timeWaitPeak(round.kernel().server());
            case ACCEPT_QUEUE -> acceptQueuePeak(round.kernel().server());
            case ERRORS -> (double) round.outcomes().errors();
        };
    }

    private static @Nullable Double serverCpu(Summary round) {
        ServerProcess server = round.server();
        return server == null ? null : perExchange(server.cpuSeconds(), allWork(round));
    }

    private static @Nullable Double workPerCpu(Summary round) {
        Double client = perExchange(round.generator().cpuSeconds(), recordedWork(round));
        Double server = serverCpu(round);
        double micros = client == null || server == null ? 0 : client + server;
        return micros == 0 ? null : 1e6 / micros;
    }

    /** A connection's time is that of its handshake and its lifetime, of which the teardown is a part. */
    private static @Nullable Double connectTeardown(Latencies latencies) {
        double connect = totalMicros(latencies.of(Metric.CONNECT));
        double all = connect + totalMicros(latencies.of(Metric.LIFETIME));
        return all == 0 ? null : Math.min(1, (connect + totalMicros(latencies.of(Metric.TEARDOWN))) / all);
    }

    private static double totalMicros(LatencyStats stats) {
        Double mean = stats.meanMicros();
        return mean == null ? 0 : mean * stats.count();
    }

    private static @Nullable Double p99(LatencyStats stats) {
        return stats.p99Micros();
    }

    private static @Nullable Double timeWaitPeak(KernelFigures.@Nullable SideFigures side) {
        return side == null ? null : (double) side.timeWait().peak();
    }

    private static @Nullable Double acceptQueuePeak(KernelFigures.@Nullable SideFigures side) {
        KernelFigures.AcceptQueue queue = side == null ? null : side.acceptQueue();
        return queue == null ? null : (double) queue.peak();
    }

    /** Exchanges of the recorded time; where nothing is said on a connection, the connection is the unit of work. */
    private static double recordedWork(Summary round) {
        double perSecond = round.rates().exchanges() > 0
                ? round.rates().exchanges()
                : round.rates().achieved();
        return perSecond * round.durationSeconds();
    }

    /** The companion's CPU time is of its whole life, so it is divided by all that it served, warm-up included. */
    private static double allWork(Summary round) {
        ServerProcess server = round.server();
        Map<String, Long> counts = server == null ? Map.of() : server.counts();
        long exchanges = counts.getOrDefault("exchanges", 0L);
        return exchanges > 0 ? exchanges : counts.getOrDefault("accepted", 0L);
    }

    private static @Nullable Double perExchange(double cpuSeconds, double work) {
        return work <= 0 ? null : cpuSeconds * 1e6 / work;
    }
}
