package io.tcplab.companion.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tcplab.companion.BindRefusal;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionException;
import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A companion's commands over HTTP on a port of its own: GET counts, clock, side, observations, metrics (OpenMetrics) and health, POST
 * pause, resume and finish; answers are JSON objects. {@link ControlGate} decides who may ask for anything but health.
 */
public final class ControlEndpoint implements AutoCloseable {

    private static final int CONNECTIONS_WAITING = 64;
    private static final int MOST_BODY = 64 << 10;
    /** Less than the 30 s after which the JDK's server itself closes what is idle. */
    private static final String KEPT = "timeout=25, max=1000";

    private static final String JSON = "application/json";

    static {
        // Read once, when the JDK's server is first used: seconds for a whole request to arrive, and connections at a
        // time.
        limit("sun.net.httpserver.maxReqTime", "10");
        limit("jdk.httpserver.maxConnections", "512");
    }

    /** What a path does. */
    private record Route(String method, boolean open, Answer answer) {}

    /** Carries out a request and replies to it. */
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Commands commands;
    private final MetricsPage metrics;
    private final ControlGate gate;
    private final Map<String, Route> routes = new LinkedHashMap<>();

    private ControlEndpoint(HttpServer server, Commands commands, MetricsPage metrics, ControlGate gate) {
        this.server = server;
        this.commands = commands;
        this.metrics = metrics;
        this.gate = gate;
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
        if (token != null && token.isBlank()) {
            throw new CompanionException(
                    "control " + at + ": the token is empty; give a secret, or no token on loopback");
        }
        HttpServer server;
        try {
            server = HttpServer.create(address, CONNECTIONS_WAITING);
        } catch (IOException refused) {
            throw BindRefusal.of(address, refused);
        }
        ControlEndpoint endpoint = new ControlEndpoint(
                server,
                new Commands(companion, log),
                MetricsText.of(companion, log),
                token == null ? ControlGate.ofLoopback(at.host()) : ControlGate.ofToken(token));
        endpoint.mount();
        server.setExecutor(endpoint.threads);
        server.start();
        return endpoint;
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static InetSocketAddress resolve(Endpoint at) throws CompanionException {
        try {
            return at.resolve();
        } catch (UnknownHostException unknown) {
            throw new CompanionException(
                    "control: the host name " + at.host() + " does not resolve; give an address", unknown);
        }
    }

    private void mount() {
        routes.put("/health", new Route("GET", true, exchange -> reply(exchange, 200, "{\"status\":\"ok\"}")));
        routes.put("/metrics", new Route("GET", false, this::metrics));
        for (String command : new String[] {"counts", "clock", "side", "observations"}) {
            routes.put("/" + command, new Route("GET", false, exchange -> answer(exchange, command)));
        }
        for (String command : new String[] {"pause", "resume", "finish"}) {
            routes.put("/" + command, new Route("POST", false, exchange -> answer(exchange, command)));
        }
        server.createContext("/", this::handle);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** The JDK's server matches paths by their beginning: the whole path is compared here. */
    private void handle(HttpExchange exchange) throws IOException {
        Route route = routes.get(exchange.getRequestURI().getPath());
        String refusal = route == null || route.open() ? null : gate.refusal(exchange.getRequestHeaders());
        if (route == null) {
            fail(exchange, 404, "no such path");
        } else if (refusal != null) {
            if (gate.asksForToken()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            }
            fail(exchange, gate.asksForToken() ? 401 : 403, refusal);
        } else if (!exchange.getRequestMethod().equals(route.method())) {
            exchange.getResponseHeaders().set("Allow", route.method());
            fail(exchange, 405, "the method is " + route.method());
        } else {
            route.answer().to(exchange);
        }
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
        } catch (IllegalStateException tooLate) {
            fail(exchange, 409, String.valueOf(tooLate.getMessage()));
            return;
        }
        reply(exchange, 200, answer);
    }

    private void metrics(HttpExchange exchange) throws IOException {
        MetricsPage.Page page = metrics.page(exchange.getRequestHeaders().getFirst("Accept"));
        reply(exchange, 200, page.contentType(), page.body().toByteArray());
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
        reply(exchange, status, JSON, (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** An IOException of the peer's doing goes to the JDK's server, which gives the descriptor back without a word. */
    private static void reply(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        // Unless the request's body is read, the connection is given up, and whoever asks again needs another.
        InputStream request = exchange.getRequestBody();
        request.readNBytes(MOST_BODY);
        boolean more = request.read() >= 0;
        exchange.getResponseHeaders().set("Content-Type", contentType);
        // Without it a client of the JDK lets go of a connection that was idle for 5 s, and opens another.
        exchange.getResponseHeaders().set("Connection", more ? "close" : "keep-alive");
        if (!more) {
            exchange.getResponseHeaders().set("Keep-Alive", KEPT);
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(more ? 413 : status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
