package io.tcplab.loadgen.report.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a run has come to so far, second by second: the same counts and histograms that its result is made of. The warm-up is not in them.
 * Any thread may add and scrape.
 */
public final class LoadMetrics {

    /** What counts as zero: as the library has it, no latency at all. */
    private static final double LEAST_NORMAL = Math.pow(2, -128);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<String, LedgerReading> counts = new LinkedHashMap<>();
    private final Map<String, Map<Metric, LatencyBuckets>> latencies = new LinkedHashMap<>();
    private final Map<Side, Kernel> kernels = new EnumMap<>(Side.class);
    private int inFlight;

    /** One side's kernel: the latest gauges, and how far counters have moved. */
    private static final class Kernel {
        private Map<String, Long> states = Map.of();
        private final Map<String, Long> counters = new LinkedHashMap<>();
        private @Nullable Long queueLength;
        private @Nullable Long queueLimit;
    }

    /** Every series of the profile's members is there from the start, at 0. */
    public LoadMetrics(Profile profile) {
        for (MixMember member : profile.mix()) {
            counts.put(member.name(), LedgerReading.ZERO);
        }
        Info.builder()
                .name("tcplab_run_info")
                .help("The profile that is run")
                .labelNames("profile")
                .register(registry)
                .setLabelValues(profile.name());
        counter("connections_started", "Connections started", LedgerReading::started);
        counter("connections_established", "Handshakes seen complete", LedgerReading::established);
        counter("exchanges", "Requests answered", LedgerReading::exchanges);
        counter("exchanges_unexpected", "Exchanges answered otherwise than expected", LedgerReading::unexpected);
        counter("exchanges_lost", "Exchanges begun whose connection failed", LedgerReading::lost);
        outcomes();
        GaugeWithCallback.builder()
                .name("tcplab_connections_in_flight")
                .help("Connections in progress")
                .callback(callback -> callback.call(inFlight()))
                .register(registry);
        registry.register(latencyCollector());
        kernels();
    }

    /** What is scraped. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** Adds an interval; its histograms are only read. */
    public synchronized void add(IntervalReading reading) {
        reading.counts().forEach((member, count) -> counts.merge(member, count, LedgerReading::plus));
        reading.latencies()
                .forEach((member, metrics) -> metrics.forEach((metric, nanos) -> latencies
                        .computeIfAbsent(member, _ -> new EnumMap<>(Metric.class))
                        .computeIfAbsent(metric, _ -> new LatencyBuckets())
                        .add(nanos)));
        inFlight = reading.inFlight();
    }

    /** Adds what a side's kernel showed; nothing where the row has none. */
    public synchronized void add(TimelineRow row) {
        TimelineRow.Kernel seen = row.kernel();
        if (seen == null) {
            return;
        }
        Kernel kernel = kernels.computeIfAbsent(row.side(), _ -> new Kernel());
        kernel.states = seen.statesAfter(kernel.states);
        seen.counters().forEach((name, moved) -> kernel.counters.merge(name, moved, Long::sum));
        kernel.queueLength = seen.acceptQueueLength();
        kernel.queueLimit = seen.acceptQueueLimit();
    }

    private synchronized int inFlight() {
        return inFlight;
    }

    private void counter(String name, String help, ToLongFunction<LedgerReading> count) {
        CounterWithCallback.builder()
                .name("tcplab_" + name)
                .help(help)
                .labelNames("mix")
                .callback(callback -> {
                    synchronized (this) {
                        counts.forEach((member, reading) -> callback.call(count.applyAsLong(reading), member));
                    }
                })
                .register(registry);
    }

    private void outcomes() {
        CounterWithCallback.builder()
                .name("tcplab_connections_ended")
                .help("Connections that have ended, by how")
                .labelNames("mix", "outcome")
                .callback(callback -> {
                    synchronized (this) {
                        counts.forEach((member, reading) -> {
                            for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
                                callback.call(reading.outcome(outcome), member, outcome.key());
                            }
                        });
                    }
                })
                .register(registry);
    }

    private Collector latencyCollector() {
        return new Collector() {
            @Override
            public MetricSnapshot collect() {
                return latencySnapshot();
            }

            @Override
            @SuppressWarnings("deprecation") // what the registry asks for in this version
            public String getPrometheusName() {
                return "tcplab_latency_seconds";
            }
        };
    }

    private synchronized MetricSnapshot latencySnapshot() {
        HistogramSnapshot.Builder all = HistogramSnapshot.builder()
                .name("tcplab_latency_seconds")
                .help("Latencies by member of the mix and metric");
        latencies.forEach((member, metrics) -> metrics.forEach((metric, buckets) -> {
            HistogramSnapshot.HistogramDataPointSnapshot.Builder point =
                    HistogramSnapshot.HistogramDataPointSnapshot.builder();
            point.classicHistogramBuckets(buckets.snapshot());
            point.nativeSchema(LatencyBuckets.NATIVE_SCHEMA);
            point.nativeZeroThreshold(LEAST_NORMAL);
            point.nativeBucketsForPositiveValues(buckets.nativeSnapshot());
            point.sum(buckets.sumSeconds());
            point.labels(Labels.of("mix", member, "metric", metric.key()));
            all.dataPoint(point.build());
        }));
        return all.build();
    }

    private void kernels() {
        CounterWithCallback.builder()
                .name("tcplab_kernel_counter")
                .help("What the kernel's TCP counters have moved, by side")
                .labelNames("side", "name")
                .callback(callback -> {
                    synchronized (this) {
                        kernels.forEach((side, kernel) -> kernel.counters.forEach((name, moved) -> {
                            if (moved >= 0) {
                                callback.call(moved, side.word(), name);
                            }
                        }));
                    }
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("tcplab_kernel_sockets")
                .help("Sockets by side and state, as far as the last observation counted them")
                .labelNames("side", "state")
                .callback(callback -> {
                    synchronized (this) {
                        kernels.forEach((side, kernel) ->
                                kernel.states.forEach((state, count) -> callback.call(count, side.word(), state)));
                    }
                })
                .register(registry);
        queue("length", "Connections that wait for accept(2)", kernel -> kernel.queueLength);
        queue("limit", "min(backlog, somaxconn); the queue holds one more", kernel -> kernel.queueLimit);
    }

    /** A figure of a kernel that may not have been seen. */
    private interface Seen {
        @Nullable
        Long in(Kernel kernel);
    }

    private void queue(String what, String help, Seen figure) {
        GaugeWithCallback.builder()
                .name("tcplab_kernel_accept_queue_" + what)
                .help(help)
                .labelNames("side")
                .callback(callback -> {
                    synchronized (this) {
                        kernels.forEach((side, kernel) -> {
                            Long seen = figure.in(kernel);
                            if (seen != null) {
                                callback.call(seen, side.word());
                            }
                        });
                    }
                })
                .register(registry);
    }
}
