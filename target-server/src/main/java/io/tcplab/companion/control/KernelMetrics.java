package io.tcplab.companion.control;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.sockdiag.StateCounts;
import java.util.function.ToDoubleFunction;

/** The kernel's side of the observed port as metrics: the last observation, and every counter since observing began. */
final class KernelMetrics {

    private final ObservationLog log;
    private final PrometheusRegistry registry;

    private KernelMetrics(ObservationLog log, PrometheusRegistry registry) {
        this.log = log;
        this.registry = registry;
    }

    static void register(ObservationLog log, PrometheusRegistry registry) {
        KernelMetrics metrics = new KernelMetrics(log, registry);
        metrics.gauge("accept_queue_length", "Connections that wait for accept(2)", Observation::acceptQueueLength);
        metrics.gauge(
                "accept_queue_limit",
                "min(backlog, somaxconn); the queue holds one more",
                Observation::acceptQueueLimit);
        metrics.gauge("time_wait_sockets", "TIME_WAIT of the whole namespace", Observation::timeWaitCount);
        metrics.gauge("observation_cost_seconds", "CPU time of the last observation", seen -> seen.costNanos() / 1e9);
        metrics.states();
        metrics.counters();
    }

    private void gauge(String name, String help, ToDoubleFunction<Observation> value) {
        GaugeWithCallback.builder()
                .name("tcplab_kernel_" + name)
                .help(help)
                .callback(callback -> {
                    Observation latest = log.latest();
                    if (latest != null) {
                        callback.call(value.applyAsDouble(latest));
                    }
                })
                .register(registry);
    }

    private void states() {
        GaugeWithCallback.builder()
                .name("tcplab_kernel_sockets")
                .help("Sockets of the observed port by side and state, as far as the last observation counted them")
                .labelNames("side", "state")
                .callback(callback -> {
                    Observation latest = log.latest();
                    if (latest != null) {
                        latest.states().ifPresent(counts -> {
                            for (Side side : Side.values()) {
                                call(callback, side, counts.of(side));
                            }
                        });
                    }
                })
                .register(registry);
    }

    private static void call(GaugeWithCallback.Callback callback, Side side, StateCounts counts) {
        counts.asMap().forEach((TcpState state, Integer count) -> callback.call(count, side.word(), state.name()));
    }

    private void counters() {
        CounterWithCallback.builder()
                .name("tcplab_kernel_counter")
                .help("What the kernel's TCP counters of the namespace have moved since observing began")
                .labelNames("name")
                .callback(callback -> log.countersSinceStart().forEach((name, moved) -> {
                    if (moved >= 0) {
                        callback.call(moved, name);
                    }
                }))
                .register(registry);
    }
}
