package io.tcplab.companion.control;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tcplab.companion.Companion;
import org.jspecify.annotations.Nullable;

/** The metrics of a companion and of what it observes. */
final class MetricsText {

    private MetricsText() {}

    static MetricsPage of(@Nullable Companion companion, @Nullable ObservationLog log) {
        PrometheusRegistry registry = new PrometheusRegistry();
        if (companion != null) {
            TargetMetrics.register(companion, registry);
        }
        if (log != null) {
            KernelMetrics.register(log, registry);
        }
        return new MetricsPage(registry);
    }
}
