package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that limit connections or requests per time: the limit is said, kept within, and no finding of any check. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LimitedServersIT {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final String KEPT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CLOSED = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    private static final int ALLOWED = 12;
    private static final long WINDOW_NANOS = 1_000_000_000L;

    @TempDir
    private Path home;

    /** What HAProxy's manual shows: those over the limit are closed before a byte is read. */
    @Test
    void aStickTableThatRejectsIsALimitAndNoFinding() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(HAPROXY), "needs haproxy");
        InetSocketAddress address = freeAddress();
        Path settings = Files.writeString(home.resolve("haproxy.cfg"), """
                defaults
                  mode http
                  timeout client 3s
                  timeout http-request 2s
                  timeout http-keep-alive 1s
                frontend web
                  bind 127.0.0.1:%d
                  stick-table type ip size 1k expire 30s store conn_rate(1s)
                  tcp-request connection track-sc0 src
                  tcp-request connection reject if { sc0_conn_rate gt %d }
                  http-request return status 200 content-type text/plain string "hello"
                """.formatted(address.getPort(), ALLOWED));
        Process haproxy = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitListening(address);
            Inspected inspected =
                    Inspected.of(address, Duration.ofSeconds(3), "--check", "B1,B2,B3,B4,C1,C4,C6,I1,I3,S1,S4");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.json().at("/server/rateLimit/connections").asInt())
                    .isBetween(1, ALLOWED + 1);
            assertThat(inspected.seconds("I1", "closedAfterSeconds")).isCloseTo(1.0, within(0.05));
            assertThat(inspected.observed("C1")).isEqualTo("the server closes by FIN");
            assertThat(inspected.seconds("S1", "headSeconds")).isCloseTo(2.0, within(0.2));
            assertThat(inspected.observed("S4")).contains("garbage: 400");
        } finally {
            haproxy.destroy();
            assertThat(haproxy.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** As nginx's limit_req does, for each connection here: 503 over the limit. */
    @Test
    void aServerThatIsTooBusyForMoreIsALimitAndNoFinding() throws Exception {
        Deque<Long> taken = new ArrayDeque<>();
        try (SmallServer server = SmallServer.start(socket -> {
            if (isAllowed(taken)) {
                answer(socket);
            } else if (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            Inspected inspected =
                    Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B1,B3,C4,C6,I3,I4,S5");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.json().at("/server/rateLimit/beyond").asString())
                    .isEqualTo("answered by 503");
            assertThat(inspected.observed("I4")).isEqualTo("obeyed");
        }
    }

    /** As nginx's limit_req_status 444 does: the limit is of requests, those beyond it end their connection, and I3 has 120 of them. */
    @Test
    void aLimitOfRequestsIsNoLimitOfAConnection() throws Exception {
        Bucket bucket = new Bucket();
        try (SmallServer server = SmallServer.start(socket -> {
            for (String head = SmallServer.head(socket);
                    !head.isEmpty() && bucket.isAllowed();
                    head = SmallServer.head(socket)) {
                boolean closes = head.contains("Connection: close");
                SmallServer.say(socket, closes ? CLOSED : KEPT);
                if (closes) {
                    return;
                }
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "C6,I3,S7");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.json().at("/server/rateLimit/connections").asInt())
                    .isPositive();
        }
    }

    /** Six requests at once, and ten a second. */
    private static final class Bucket {
        private static final double MOST = 6;
        private static final double NANOS_EACH = 1e8;

        private double left = MOST;
        private long sinceNanos = System.nanoTime();

        synchronized boolean isAllowed() {
            long now = System.nanoTime();
            left = Math.min(MOST, left + (now - sinceNanos) / NANOS_EACH);
            sinceNanos = now;
            boolean allowed = left >= 1;
            left -= allowed ? 1 : 0;
            return allowed;
        }
    }

    private static boolean isAllowed(Deque<Long> taken) {
        synchronized (taken) {
            long now = System.nanoTime();
            taken.add(now);
            boolean _ = taken.removeIf(each -> now - each > WINDOW_NANOS);
            return taken.size() <= ALLOWED;
        }
    }

    /** It closes all for two seconds after what is no request: plain connections, as many as ever, do not bring that about. */
    @Test
    void whoStopsAnsweringForAnotherReasonHasNoLimit() throws Exception {
        AtomicLong awayUntil = new AtomicLong(System.nanoTime());
        try (SmallServer server = SmallServer.start(socket -> {
            if (System.nanoTime() - awayUntil.get() < 0) {
                return;
            }
            String head = answer(socket);
            if (head.contains("garbage")) {
                awayUntil.set(System.nanoTime() + 2 * WINDOW_NANOS);
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "C1,S4");
            assertThat(inspected.findings().keySet()).isEqualTo(Set.of("S4"));
            assertThat(inspected.observed("S4")).isEqualTo("the server stops answering");
            assertThat(inspected.json().at("/server/rateLimit").isNull()).isTrue();
        }
    }

    /** Answers requests until one is none, or asks for a close: answers that. */
    private static String answer(Socket socket) throws IOException {
        for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
            boolean request = head.strip().startsWith("GET ") || head.startsWith("POST ");
            boolean closes = !request
                    || head.contains("Connection: close")
                    || (head.contains("HTTP/1.0") && !head.contains("Connection: keep-alive"));
            SmallServer.say(socket, closes ? request ? CLOSED : CLOSED.replace("200 OK", "400 Bad Request") : KEPT);
            if (closes) {
                return head;
            }
        }
        return "";
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return (InetSocketAddress) free.getLocalSocketAddress();
        }
    }

    private static void awaitListening(InetSocketAddress address) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(address, 1_000);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }
}
