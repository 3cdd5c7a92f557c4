package io.tcplab.loadgen.report.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tcplab.companion.control.MetricsPage;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the metrics of a run in progress over HTTP: {@code GET /metrics}, and nothing else. Whoever reaches the address may read them. */
public final class MetricsEndpoint implements AutoCloseable {

    private static final int CONNECTIONS_WAITING = 64;
    private static final String PATH = "/metrics";

    static {
        // Read once, when the JDK's server is first used: seconds for a whole request to arrive, and connections at a
        // time.
        limit("sun.net.httpserver.maxReqTime", "10");
        limit("jdk.httpserver.maxConnections", "512");
    }

    private final HttpServer server;
    private final MetricsPage page;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private MetricsEndpoint(HttpServer server, MetricsPage page) {
        this.server = server;
        this.page = page;
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Starts it in the calling thread's network namespace. */
    public static MetricsEndpoint start(Endpoint at, PrometheusRegistry registry) throws CannotRun {
        try {
            HttpServer server = HttpServer.create(at.resolve(), CONNECTIONS_WAITING);
            MetricsEndpoint endpoint = new MetricsEndpoint(server, new MetricsPage(registry));
            server.createContext("/", endpoint::handle);
            server.setExecutor(endpoint.threads);
            server.start();
            return endpoint;
        } catch (UnknownHostException e) {
            throw new CannotRun("--metrics: the host name " + at.host() + " does not resolve; give an address.", e);
        } catch (IOException e) {
            throw new CannotRun(
                    "--metrics " + at + ": " + e.getMessage() + "; choose an address of this host and a free port.", e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(PATH);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!known || !(head || exchange.getRequestMethod().equals("GET"))) {
                exchange.sendResponseHeaders(known ? 405 : 404, -1);
                return;
            }
            MetricsPage.Page answer = page.page(exchange.getRequestHeaders().getFirst("Accept"));
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(200, head ? -1 : answer.body().size());
            if (!head) {
                OutputStream out = exchange.getResponseBody();
                answer.body().writeTo(out);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
