package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.host.SideFacts;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.SockDiag;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ControlEndpointIT {

    private final HttpClient http = HttpClient.newHttpClient();
    private Companion companion;
    private ObservationLog log;
    private ControlEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        companion = Companion.start(CompanionSettings.DEFAULTS);
        log = ObservationLog.start(
                new Observer.Settings(companion.address().getPort(), Duration.ofMillis(5), Observer.DEFAULT_SHARE));
        endpoint = ControlEndpoint.start(companion, log, new Endpoint("127.0.0.1", 0), null);
    }

    @AfterEach
    void stop() {
        http.close();
        endpoint.close();
        log.close();
        companion.close();
    }

    private HttpResponse<String> ask(String method, String path, @Nullable String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void reopen(String token) throws Exception {
        endpoint.close();
        endpoint = ControlEndpoint.start(companion, null, new Endpoint("127.0.0.1", 0), token);
    }

    @Test
    void theSettingsOfItsSideAreTold() throws Exception {
        try (ControlClient client =
                new ControlClient("127.0.0.1", endpoint.address().getPort(), null)) {
            SideFacts told = client.side();
            SideFacts ours = SideFacts.read();
            assertThat(told.bootId()).isEqualTo(ours.bootId());
            assertThat(told.networkNamespace()).isEqualTo(ours.networkNamespace());
            assertThat(told.sysctls()).isEqualTo(ours.sysctls()).containsKey("net.ipv4.tcp_tw_reuse");
            // The others move with the host's traffic.
            assertThat(told.limits()).containsEntry("somaxconn", ours.limits().get("somaxconn"));
        }
    }

    /** A connection for each question would be in the counters of both kernels, beside the load's own. */
    @Test
    void questionsInARowShareOneConnection() throws Exception {
        int port = endpoint.address().getPort();
        try (ControlClient client = new ControlClient("127.0.0.1", port, null)) {
            for (int i = 0; i < 5; i++) {
                client.clock();
                client.counts();
            }
            Thread.sleep(6_000); // the JDK's client lets go after 5 s unless it is told otherwise
            client.clock();
            try (SockDiag diag = SockDiag.open()) {
                assertThat(diag.portCounts(port, EnumSet.of(TcpState.ESTABLISHED, TcpState.TIME_WAIT))
                                .server()
                                .total())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aPauseKeepsConnectionsWaitingAndAClientCountsAndFinishes() throws Exception {
        try (ControlClient client =
                new ControlClient("127.0.0.1", endpoint.address().getPort(), null)) {
            assertThat(ask("POST", "/pause", null).statusCode()).isEqualTo(200);
            try (Socket waiting = new Socket(
                    companion.address().getAddress(), companion.address().getPort())) {
                assertThat(waiting.isConnected()).isTrue();
                assertThat(client.counts().accepted()).isZero();
                assertThat(ask("POST", "/resume", null).statusCode()).isEqualTo(200);
                while (client.counts().accepted() == 0) {
                    Thread.onSpinWait();
                }
            }
            assertThat(client.finish(Duration.ofSeconds(10)).active()).isZero();
            long before = System.nanoTime();
            assertThat(client.clock().nanos()).isBetween(before, System.nanoTime());
        }
    }

    @Test
    void observationsCarryTheQueueTheStatesAndTheCountersAndAreNumbered() throws Exception {
        try (ControlClient client =
                new ControlClient("127.0.0.1", endpoint.address().getPort(), null)) {
            assertThat(ask("POST", "/pause", null).statusCode()).isEqualTo(200);
            try (Socket waiting = new Socket(
                    companion.address().getAddress(), companion.address().getPort())) {
                assertThat(waiting.isConnected()).isTrue();
                ObservationLog.Part part = client.observations(0);
                assertThat(part.lost()).isZero();
                long after = part.last();
                Observation seen;
                do {
                    part = client.observations(after);
                    assertThat(part.observations()).hasSize((int) (part.last() - after));
                    after = part.last();
                    seen = part.observations().stream()
                            .filter(one -> one.allStates() && one.acceptQueueLength() == 1)
                            .findFirst()
                            .orElse(null);
                } while (seen == null);
                assertThat(seen.acceptQueueLimit()).isEqualTo(4096);
                PortCounts states = seen.states().orElseThrow();
                assertThat(states.server().count(TcpState.LISTEN)).isEqualTo(1);
                assertThat(states.client().count(TcpState.ESTABLISHED)).isEqualTo(1);
                assertThat(client.observations(0).observations().stream()
                                .mapToLong(one -> one.counterDeltas().getOrDefault("Tcp.ActiveOpens", 0L))
                                .sum())
                        .isPositive();
                assertThat(ask("GET", "/metrics", null).body())
                        .contains("tcplab_kernel_accept_queue_length 1.0")
                        .contains("tcplab_kernel_accept_queue_limit 4096.0")
                        .contains("tcplab_kernel_counter_total{name=\"Tcp.ActiveOpens\"}");
            }
        }
    }

    @Test
    void anObserverWithoutACompanionAnswersWhatItCan() throws Exception {
        endpoint.close();
        endpoint = ControlEndpoint.start(null, log, new Endpoint("127.0.0.1", 0), null);
        assertThat(ask("GET", "/observations", null).statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/counts", null).body()).contains("this is an observer");
        assertThat(ask("POST", "/pause", null).statusCode()).isEqualTo(400);
        assertThat(ask("GET", "/metrics", null).body())
                .contains("tcplab_kernel_")
                .doesNotContain("tcplab_target_");
    }

    @Test
    void metricsAreOpenMetricsWithEveryCount() throws Exception {
        HttpResponse<String> metrics = ask("GET", "/metrics", null);
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body())
                .contains("tcplab_target_accepted_connections_total 0.0")
                .contains("tcplab_target_active_connections 0.0")
                .contains("tcplab_target_closes_total{how=\"half-close\"} 0.0")
                .contains("tcplab_target_cpu_seconds_total");
    }

    @Test
    void wrongPathsMethodsAndParametersAreNamed() throws Exception {
        assertThat(ask("GET", "/nothing", null).statusCode()).isEqualTo(404);
        HttpResponse<String> wrongMethod = ask("GET", "/finish", null);
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
        assertThat(ask("POST", "/counts", null).statusCode()).isEqualTo(405);
        assertThat(ask("POST", "/finish?atMostMillis=x", null).body()).contains("NAME=NUMBER");
        assertThat(ask("GET", "/health", null).body()).contains("ok");
    }

    @Test
    void pathsAreComparedWhole() throws Exception {
        for (String path : new String[] {"/countsX", "/counts/", "/pause/now", "/metrics/x", "/healthy"}) {
            assertThat(ask("GET", path, null).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void afterFinishNothingIsAcceptedAgain() throws Exception {
        assertThat(ask("POST", "/finish", null).statusCode()).isEqualTo(200);
        for (String path : new String[] {"/resume", "/pause"}) {
            HttpResponse<String> refused = ask("POST", path, null);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("has finished");
        }
        assertThat(ask("GET", "/counts", null).statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/finish", null).statusCode()).isEqualTo(200);
    }

    /** DNS rebinding shows in Host, a page of another site in Origin. */
    @ParameterizedTest
    @CsvSource({
        "Host: evil.example, 403",
        "Host: evil.example:9100, 403",
        "Host: 192.0.2.1, 403",
        "Host: localhost.evil.example, 403",
        "Host: localhost\\r\\nOrigin: http://evil.example, 403",
        "Host: 127.0.0.1:9100\\r\\nOrigin: http://localhost:3000, 403",
        "Host: 127.0.0.1\\r\\nOrigin: null, 403",
        "Host: localhost, 200",
        "Host: LOCALHOST:9100, 200",
        "Host: 127.0.0.1:9100, 200",
        "Host: [::1]:9100, 200",
        "Host: 127.0.0.1:9100\\r\\nOrigin: http://127.0.0.1:9100, 200"
    })
    void withoutATokenNoPageOfABrowserIsObeyed(String headers, int status) throws Exception {
        for (String request : new String[] {"POST /pause", "GET /counts", "GET /metrics"}) {
            assertThat(raw(request + " HTTP/1.1\r\n" + headers.replace("\\r\\n", "\r\n")
                            + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void aBodyWithoutEndIsRefused() throws Exception {
        String answer =
                raw("POST /pause HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70_000));
        assertThat(answer).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", endpoint.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(300), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void anEmptyTokenIsNone() {
        assertThatThrownBy(() -> ControlEndpoint.start(companion, null, new Endpoint("0.0.0.0", 0), ""))
                .isInstanceOf(CompanionException.class)
                .hasMessageContaining("the token is empty");
    }

    @Test
    void withATokenOnlyTheOneWhoKnowsItIsAnswered() throws Exception {
        reopen("s3cret");
        for (String shown : new String[] {null, "Bearer wrong", "Bearer s3cret2", "Basic s3cret", "s3cret"}) {
            HttpResponse<String> refused = ask("GET", "/counts", shown);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(ask("GET", "/metrics", shown).statusCode()).isEqualTo(401);
            assertThat(ask("POST", "/pause", shown).statusCode()).isEqualTo(401);
        }
        assertThat(ask("GET", "/counts", "Bearer s3cret").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/health", null).statusCode()).isEqualTo(200);
        try (ControlClient knowing =
                        new ControlClient("127.0.0.1", endpoint.address().getPort(), "s3cret");
                ControlClient ignorant =
                        new ControlClient("127.0.0.1", endpoint.address().getPort(), null)) {
            assertThat(knowing.counts().active()).isZero();
            assertThatThrownBy(ignorant::counts)
                    .isInstanceOf(CompanionException.class)
                    .hasMessageContaining("a token is needed");
        }
    }

    @Test
    void offLoopbackATokenIsRequired() {
        assertThatThrownBy(() -> ControlEndpoint.start(companion, null, new Endpoint("0.0.0.0", 0), null))
                .isInstanceOf(CompanionException.class)
                .hasMessageContaining("needs a token");
    }

    @Test
    void aTakenPortIsOneSentence() {
        assertThatThrownBy(() -> ControlEndpoint.start(
                        companion,
                        null,
                        new Endpoint("127.0.0.1", endpoint.address().getPort()),
                        null))
                .isInstanceOf(CompanionException.class)
                .hasMessageContaining("bind 127.0.0.1:" + endpoint.address().getPort())
                .hasMessageContaining("EADDRINUSE");
    }

    @Test
    void anEndpointThatIsNotThereIsNamed() {
        int port = endpoint.address().getPort();
        endpoint.close();
        try (ControlClient client = new ControlClient("127.0.0.1", port, null)) {
            assertThatThrownBy(client::counts)
                    .isInstanceOf(CompanionException.class)
                    .hasMessageContaining("http://127.0.0.1:" + port + "/counts");
        }
    }
}
