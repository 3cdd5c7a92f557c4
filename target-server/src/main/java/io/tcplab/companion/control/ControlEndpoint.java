package io.tcplab.companion.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tcplab.companion.BindRefusal;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionException;
import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A companion's commands over HTTP on a port of its own: GET counts, clock, side, observations, metrics (OpenMetrics) and health, POST
 * pause, resume and finish; answers are JSON objects. Off loopback every request but health needs {@code Authorization: Bearer}.
 */
public final class ControlEndpoint implements AutoCloseable {

    private static final int CONNECTIONS_WAITING = 64;
    private static final int MOST_BODY = 64 << 10;
    /** Less than the 30 s after which the JDK's server itself closes what is idle. */
    private static final String KEPT = "timeout=25, max=1000";

    private static final String JSON = "application/json";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Commands commands;
    private final byte @Nullable [] token;

    private ControlEndpoint(HttpServer server, Commands commands, @Nullable String token) {
        this.server = server;
        this.commands = commands;
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Starts the endpoint.
     *
     * @param companion what is counted and commanded; null where another server is observed
     * @param log what is observed; null for nothing
     * @param token what a client has to show; may be null on loopback alone
     * @throws CompanionException where the address is taken, or open to others without a token
     */
    public static ControlEndpoint start(
            @Nullable Companion companion, @Nullable ObservationLog log, Endpoint at, @Nullable String token)
            throws CompanionException {
        InetSocketAddress address = resolve(at);
        if (token == null && !address.getAddress().isLoopbackAddress()) {
            throw new CompanionException("control " + at
                    + ": an address that others can reach needs a token; give --token-file, or bind 127.0.0.1");
        }
        HttpServer server;
        try {
            server = HttpServer.create(address, CONNECTIONS_WAITING);
        } catch (IOException refused) {
            throw BindRefusal.of(address, refused);
        }
        ControlEndpoint endpoint = new ControlEndpoint(server, new Commands(companion, log), token);
        PrometheusRegistry registry = new PrometheusRegistry();
        if (companion != null) {
            TargetMetrics.register(companion, registry);
        }
        if (log != null) {
            KernelMetrics.register(log, registry);
        }
        endpoint.mount(new MetricsHandler(registry));
        server.setExecutor(endpoint.threads);
        server.start();
        return endpoint;
    }

    private static InetSocketAddress resolve(Endpoint at) throws CompanionException {
        try {
            return at.resolve();
        } catch (UnknownHostException unknown) {
            throw new CompanionException(
                    "control: the host name " + at.host() + " does not resolve; give an address", unknown);
        }
    }

    private void mount(MetricsHandler metrics) {
        server.createContext("/", exchange -> fail(exchange, 404, "no such path"));
        server.createContext("/health", exchange -> reply(exchange, 200, "{\"status\":\"ok\"}"));
        server.createContext("/metrics", guarded("GET", metrics));
        for (String command : new String[] {"counts", "clock", "side", "observations"}) {
            server.createContext("/" + command, guarded("GET", exchange -> answer(exchange, command)));
        }
        for (String command : new String[] {"pause", "resume", "finish"}) {
            server.createContext("/" + command, guarded("POST", exchange -> answer(exchange, command)));
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private HttpHandler guarded(String method, HttpHandler handler) {
        return exchange -> {
            if (!allowed(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                fail(exchange, 401, "a token is needed: Authorization: Bearer TOKEN");
            } else if (!exchange.getRequestMethod().equals(method)) {
                exchange.getResponseHeaders().set("Allow", method);
                fail(exchange, 405, "the method is " + method);
            } else {
                handler.handle(exchange);
            }
        };
    }

    /** Compares in constant time, so that the answer's delay tells nothing about the token. */
    private boolean allowed(HttpExchange exchange) {
        if (token == null) {
            return true;
        }
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        String bearer = "bearer ";
        if (shown == null || !shown.toLowerCase(Locale.ROOT).startsWith(bearer)) {
            return false;
        }
        return MessageDigest.isEqual(shown.substring(bearer.length()).strip().getBytes(StandardCharsets.UTF_8), token);
    }

    private void answer(HttpExchange exchange, String command) throws IOException {
        String answer;
        try {
            Map<String, @Nullable Object> with =
                    numbers(exchange.getRequestURI().getRawQuery());
            answer = Json.object(to -> commands.answer(command, with, to));
        } catch (IllegalArgumentException refused) {
            fail(exchange, 400, String.valueOf(refused.getMessage()));
            return;
        }
        reply(exchange, 200, answer);
    }

    /** The query's parameters, all of which are numbers. */
    private static Map<String, @Nullable Object> numbers(@Nullable String query) {
        Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return numbers;
        }
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            try {
                numbers.put(part.substring(0, Math.max(equals, 0)), Long.valueOf(part.substring(equals + 1)));
            } catch (NumberFormatException malformed) {
                throw new IllegalArgumentException("a parameter is NAME=NUMBER", malformed);
            }
        }
        return numbers;
    }

    private static void fail(HttpExchange exchange, int status, String sentence) throws IOException {
        reply(exchange, status, Json.object(to -> to.writeStringProperty("failed", sentence)));
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            // Unless the request's body was opened, close() gives up the connection, and whoever asks again needs
            // another.
            exchange.getRequestBody().readNBytes(MOST_BODY);
            byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", JSON);
            // Without it a client of the JDK lets go of a connection that was idle for 5 s, and opens another.
            exchange.getResponseHeaders().set("Connection", "keep-alive");
            exchange.getResponseHeaders().set("Keep-Alive", KEPT);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
