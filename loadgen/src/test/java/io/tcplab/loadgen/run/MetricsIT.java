package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.report.metrics.LoadMetrics;
import io.tcplab.loadgen.report.metrics.MetricsEndpoint;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.view.ReadBy;
import io.tcplab.loadgen.view.View;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is scraped of a run is what its result says. */
@Timeout(60)
class MetricsIT {

    private static final String PROFILE = """
            duration: 2500ms
            load: {open: {rate: 200/s}}
            mix: [{name: short, weight: 3}, {name: twice, exchanges: 2}]
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path out;

    private final Profile profile = Profiles.of(PROFILE);
    private final LoadMetrics metrics = new LoadMetrics(profile);
    private MetricsEndpoint endpoint;

    @BeforeEach
    void begin() throws Exception {
        endpoint = MetricsEndpoint.start(new Endpoint("127.0.0.1", 0), metrics.registry());
    }

    @AfterEach
    void end() {
        endpoint.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://" + Endpoint.text(endpoint.address()) + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Accept", "application/openmetrics-text; version=1.0.0")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static double sum(String page, String series) {
        Matcher lines = Pattern.compile("(?m)^" + series + " (\\S+)$").matcher(page);
        double sum = 0;
        while (lines.find()) {
            sum += Double.parseDouble(lines.group(1));
        }
        return sum;
    }

    /** The bucket that holds a metric's p99 over all members, by the page: its lower and upper bound in seconds. */
    private static List<Double> bucketOfP99(String page, Metric metric) {
        double count = sum(page, "tcplab_latency_seconds_count\\{metric=\"" + metric.key() + "\",mix=.*\\}");
        Matcher bounds = Pattern.compile("le=\"([^\"]+)\"").matcher(page);
        double below = 0;
        while (bounds.find()) {
            double bound =
                    bounds.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bounds.group(1));
            double held = sum(
                    page,
                    "tcplab_latency_seconds_bucket\\{metric=\"" + metric.key() + "\",mix=\".*\",le=\""
                            + Pattern.quote(bounds.group(1)) + "\"\\}");
            if (held >= Math.ceil(0.99 * count)) {
                return List.of(below, bound);
            }
            below = bound;
        }
        throw new AssertionError("no bucket holds the p99 of " + metric);
    }

    @Test
    void theScrapedFiguresAreThoseOfTheResult() throws Exception {
        List<String> during = new ArrayList<>();
        Consumer<IntervalReading> scrapes = reading -> {
            metrics.add(reading);
            try {
                during.add(get("/metrics").body());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        RunSession session = new RunSession(
                new RunRequest(profile, RemoteOptions.NONE, Isolation.NONE, out.resolve("result"), out),
                new ReadBy(View.NONE, scrapes, metrics::add));
        Summary summary = session.run().summary();
        HttpResponse<String> last = get("/metrics");
        String page = last.body();
        assertThat(last.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(page).endsWith("# EOF\n");
        assertThat(sum(page, "tcplab_connections_started_total\\{.*\\}"))
                .isEqualTo(summary.outcomes().started());
        assertThat(sum(page, "tcplab_connections_ended_total\\{mix=\".*\",outcome=\"completed\"\\}"))
                .isEqualTo(summary.outcomes().count(ConnectionOutcome.COMPLETED));
        assertThat(sum(page, "tcplab_connections_ended_total\\{.*\\}"))
                .isEqualTo(summary.outcomes().started());
        assertThat(sum(page, "tcplab_connections_in_flight")).isZero();
        for (Metric metric : List.of(Metric.CONNECT, Metric.SERVICE)) {
            double seconds =
                    Objects.requireNonNull(summary.latencies().of(metric).p99Micros()) / 1e6;
            List<Double> bucket = bucketOfP99(page, metric);
            assertThat(seconds).as(metric.key()).isBetween(bucket.getFirst(), bucket.getLast());
        }
        assertThat(sum(page, "tcplab_kernel_counter_total\\{name=\"Tcp.ActiveOpens\",side=\"client\"\\}"))
                .isPositive();
        assertThat(sum(page, "tcplab_kernel_counter_total\\{name=\"Tcp.PassiveOpens\",side=\"server\"\\}"))
                .isPositive();
        assertThat(sum(page, "tcplab_kernel_accept_queue_limit\\{side=\"server\"\\}"))
                .isPositive();
        nativeHistogramsAreThere(summary);
        double early = sum(during.getFirst(), "tcplab_connections_started_total\\{.*\\}");
        assertThat(early).isBetween(1.0, summary.outcomes().started() - 1.0);
        everyFigureOfTheDashboardIsThere(page);
    }

    /** As a Prometheus server asks that takes native histograms. */
    private void nativeHistogramsAreThere(Summary summary) throws Exception {
        URI uri = URI.create("http://" + Endpoint.text(endpoint.address()) + "/metrics");
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(uri)
                        .header(
                                "Accept",
                                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                                        + "application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.2")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/vnd.google.protobuf");
        List<NativeHistograms.Series> all = NativeHistograms.of(answer.body(), "tcplab_latency_seconds");
        for (Measured.Mix mix : summary.mixes()) {
            NativeHistograms.Series connect = all.stream()
                    .filter(each -> each.labels().equals(Map.of("mix", mix.name(), "metric", "connect")))
                    .findFirst()
                    .orElseThrow();
            List<Double> bucket = connect.bucketOf(0.99);
            assertThat(connect.samples())
                    .isEqualTo(mix.latencies().of(Metric.CONNECT).count());
            assertThat(Objects.requireNonNull(mix.latencies().of(Metric.CONNECT).p99Micros()) / 1e6)
                    .isBetween(bucket.getFirst(), bucket.getLast());
        }
    }

    private static void everyFigureOfTheDashboardIsThere(String page) throws Exception {
        Matcher names = Pattern.compile("tcplab_[a-z_]+")
                .matcher(Files.readString(Path.of("..", "deploy", "grafana-dashboard.json")));
        int found = 0;
        while (names.find()) {
            assertThat(page).contains("\n" + names.group() + (names.group().endsWith("in_flight") ? " " : "{"));
            found++;
        }
        assertThat(found).isGreaterThan(10);
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/../etc").statusCode()).isEqualTo(404);
        String before = get("/metrics").body();
        assertThat(before).contains("tcplab_connections_started_total{mix=\"short\"} 0.0");
        assertThat(before).contains("mix=\"twice\"");
    }
}
