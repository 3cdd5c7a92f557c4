package io.tcplab.companion.control;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** All metrics of a registry as one page. Free for all threads. */
public final class MetricsPage {

    private final PrometheusRegistry registry;
    private final ExpositionFormatWriter protobuf = new PrometheusProtobufWriter();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    private final ExpositionFormatWriter prometheus = PrometheusTextFormatWriter.create();

    public MetricsPage(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /** A page complete in memory, so that the peer's ways cannot disturb its making. */
    public record Page(String contentType, ByteArrayOutputStream body) {}

    /**
     * In the format that the request's Accept header asks for: Prometheus' protobuf, which alone has native histograms and is there where
     * the library's part for it is on the class path; OpenMetrics; else the Prometheus text format.
     */
    public Page page(@Nullable String accept) throws IOException {
        ExpositionFormatWriter writer = protobuf.accepts(accept) && protobuf.isAvailable()
                ? protobuf
                : openMetrics.accepts(accept) ? openMetrics : prometheus;
        ByteArrayOutputStream body = new ByteArrayOutputStream(8192);
        writer.write(body, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        return new Page(writer.getContentType(), body);
    }
}
