package io.tcplab.companion.control;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** All metrics of a registry as one page of text. Free for all threads. */
public final class MetricsPage {

    private final PrometheusRegistry registry;
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    private final ExpositionFormatWriter prometheus = PrometheusTextFormatWriter.create();

    public MetricsPage(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /** A page complete in memory, so that the peer's ways cannot disturb its making. */
    public record Page(String contentType, String text) {}

    /** @param accept the request's Accept header: OpenMetrics where it asks for that, else the Prometheus text format */
    public Page page(@Nullable String accept) throws IOException {
        ExpositionFormatWriter writer = openMetrics.accepts(accept) ? openMetrics : prometheus;
        ByteArrayOutputStream text = new ByteArrayOutputStream(8192);
        writer.write(text, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        return new Page(writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }
}
