package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a load in progress can be watched; the same for every command that runs one. */
final class MetricsOption {

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            converter = EndpointOption.Listening.class,
            description = "Serve the load's metrics for Prometheus there while it runs: GET /metrics (OpenMetrics).")
    private @Nullable Endpoint metrics;

    /** Absent = nowhere. */
    @Nullable
    Endpoint at() {
        return metrics;
    }
}
