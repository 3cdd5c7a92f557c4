package io.tcplab.companion.control;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionCounts;
import java.util.function.ToDoubleFunction;

/** A companion's counts as metrics, read when they are scraped. */
final class TargetMetrics {

    private final Companion companion;
    private final PrometheusRegistry registry;

    private TargetMetrics(Companion companion, PrometheusRegistry registry) {
        this.companion = companion;
        this.registry = registry;
    }

    static void register(Companion companion, PrometheusRegistry registry) {
        TargetMetrics metrics = new TargetMetrics(companion, registry);
        metrics.counter("accepted_connections", "Connections taken from the accept queue", CompanionCounts::accepted);
        metrics.gauge("active_connections", "Connections whose descriptor is open", CompanionCounts::active);
        metrics.closes();
        metrics.counter(
                "peer_closed_first",
                "Connections on which the peer sent the first FIN",
                CompanionCounts::peerClosedFirst);
        metrics.counter("resets_seen", "Connections that the peer reset", CompanionCounts::resetsSeen);
        metrics.counter("exchanges", "Requests answered to the last byte", CompanionCounts::exchanges);
        metrics.counter("bad_frames", "Connections closed because of a malformed request", CompanionCounts::badFrames);
        metrics.counter("tls_full_handshakes", "Full handshakes of TLS", CompanionCounts::tlsFull);
        metrics.counter(
                "tls_resumed_handshakes", "Handshakes of TLS that resumed a session", CompanionCounts::tlsResumed);
        metrics.counter("tls_failures", "Connections closed because TLS failed", CompanionCounts::tlsFailed);
        metrics.counter("received_bytes", "Bytes received", CompanionCounts::bytesIn);
        metrics.counter("sent_bytes", "Bytes handed to connections", CompanionCounts::bytesOut);
        metrics.counter("accept_failures", "accept(2) calls that failed", CompanionCounts::acceptFailures);
        metrics.counter("cpu_seconds", "CPU time of the companion's process", CompanionCounts::cpuSeconds);
    }

    private void counter(String name, String help, ToDoubleFunction<CompanionCounts> value) {
        CounterWithCallback.builder()
                .name("tcplab_target_" + name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(companion.counts())))
                .register(registry);
    }

    private void gauge(String name, String help, ToDoubleFunction<CompanionCounts> value) {
        GaugeWithCallback.builder()
                .name("tcplab_target_" + name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(companion.counts())))
                .register(registry);
    }

    private void closes() {
        CounterWithCallback.builder()
                .name("tcplab_target_closes")
                .help("Connections that the companion closed first, by how")
                .labelNames("how")
                .callback(callback -> {
                    CompanionCounts counts = companion.counts();
                    callback.call(counts.closedFin(), "fin");
                    callback.call(counts.closedRst(), "rst");
                    callback.call(counts.closedHalfClose(), "half-close");
                    callback.call(counts.closedLinger(), "linger");
                    callback.call(counts.abandoned(), "abandon");
                })
                .register(registry);
    }
}
