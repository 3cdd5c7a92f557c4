package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Web servers as people run them: what we count is what their access logs count. */
@OverEachTransport
@Timeout(120)
class WebServersIT {

    private static final int CONNECTIONS = 60;

    private static final Map<String, String> REQUESTS = Map.of(
            "empty", "GET /empty",
            "kilo", "GET /1k",
            "mega", "GET /5m",
            "head", "HEAD /5m",
            "post0", "POST /empty",
            "post1k", "POST /1k",
            "post5m", "POST /1k",
            "absent", "GET /absent");

    @TempDir
    private Path home;

    private static Measurement run(WebServer server, String yaml) throws Exception {
        Profile profile = Profiles.of(yaml);
        return new LoadRun(profile, server.address(), TlsClients.of(profile, null, null), 1, LoopCpus.ANY)
                .execute(_ -> {});
    }

    private static Map<String, Long> histogram(List<String> lines, Function<String, String> key) {
        return lines.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> statuses(Measurement measured) {
        Map<String, Long> byName = new TreeMap<>();
        measured.statuses().forEach((status, count) -> byName.put(String.valueOf(status), count));
        return byName;
    }

    @ParameterizedTest
    @CsvSource({
        "NGINX, 1, client", "NGINX, 4, server", "APACHE, 1, server", "APACHE, 4, client",
        "HAPROXY, 1, client", "HAPROXY, 4, server", "NODE, 1, server", "NODE, 4, client"
    })
    void countsAreTheServersOwnThroughTls(WebServer.Kind kind, int exchanges, String closer) throws Exception {
        try (WebServer server = WebServer.startWithTls(kind, home)) {
            expectTheServersCounts(server, exchanges, closer, "tls: {insecure: true}\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NGINX, 1, client", "NGINX, 4, server", "APACHE, 1, server", "APACHE, 4, client",
        "HAPROXY, 1, client", "HAPROXY, 4, server", "NODE, 1, server", "NODE, 4, client"
    })
    void countsByStatusAndRequestAreTheServersOwn(WebServer.Kind kind, int exchanges, String closer) throws Exception {
        try (WebServer server = WebServer.start(kind, home, "")) {
            expectTheServersCounts(server, exchanges, closer, "");
        }
    }

    private static void expectTheServersCounts(WebServer server, int exchanges, String closer, String more)
            throws Exception {
        Measurement measured = run(server, more + """
                    connections: %1$d
                    load: {closed: {concurrency: 4}}
                    protocol: http
                    mix:
                      - {name: empty, exchanges: %2$d, close: {by: %3$s}, http: {path: /empty}}
                      - {name: kilo, exchanges: %2$d, close: {by: %3$s}, http: {path: /1k, expect: {body: "^\\\\x00*$"}}}
                      - {name: mega, exchanges: %2$d, close: {by: %3$s}, http: {path: /5m}}
                      - {name: head, exchanges: %2$d, close: {by: %3$s}, http: {path: /5m, method: HEAD}}
                      - {name: post0, exchanges: %2$d, close: {by: %3$s}, http: {path: /empty, method: POST}}
                      - {name: post1k, exchanges: %2$d, close: {by: %3$s}, http: {path: /1k, method: POST, body: {bytes: 1kB}}}
                      - {name: post5m, exchanges: %2$d, close: {by: %3$s}, http: {path: /1k, method: POST, body: {bytes: 5MB}}}
                      - {name: absent, exchanges: %2$d, close: {by: %3$s}, http: {path: /absent, expect: {status: 404}}}
                    """.formatted(CONNECTIONS, exchanges, closer));
        LedgerReading total = measured.total();
        assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(CONNECTIONS);
        assertThat(measured.causes()).isEmpty();
        assertThat(total.unexpected() + total.lost()).isZero();
        assertThat(total.exchanges()).isEqualTo((long) CONNECTIONS * exchanges);

        List<String> served = server.served();
        assertThat(statuses(measured)).isEqualTo(histogram(served, line -> line.substring(0, 3)));
        Map<String, Long> ours = new TreeMap<>();
        measured.counts().forEach((name, counts) -> {
            if (counts.exchanges() > 0) {
                ours.merge(REQUESTS.get(name), counts.exchanges(), Long::sum);
            }
        });
        assertThat(ours).isEqualTo(histogram(served, line -> line.substring(4)));
    }

    /** Answers without a body, with hints before and trailers behind, and a redirect: counted by member, and none is followed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyKindOfAnswerEndsWhereItEnds(boolean secured) throws Exception {
        try (WebServer server = secured
                ? WebServer.startWithTls(WebServer.Kind.NODE, home)
                : WebServer.start(WebServer.Kind.NODE, home, "")) {
            Measurement measured = run(server, (secured ? "tls: {insecure: true}\n" : "") + """
                    connections: 20
                    load: {closed: {concurrency: 2}}
                    protocol: http
                    mix:
                      - {name: empty, exchanges: 3, http: {path: /204}}
                      - {name: unchanged, exchanges: 3, http: {path: /304}}
                      - {name: moved, exchanges: 3, http: {path: /301}}
                      - {name: hinted, exchanges: 3, http: {path: /hinted, host: www.test.example, expect: {body: "^a{1000}$"}}}
                    """);
            LedgerReading total = measured.total();
            assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(20);
            assertThat(total.exchanges()).isEqualTo(60);
            assertThat(total.unexpected()).isZero();
            assertThat(statuses(measured)).isEqualTo(histogram(server.served(), line -> line.substring(0, 3)));
            assertThat(measured.memberStatuses().get("moved")).containsOnlyKeys(301);
        }
    }

    /** The host of each member decides which of nginx's servers answers. */
    @Test
    void eachMemberHasItsHost() throws Exception {
        String another = """
                server { listen 127.0.0.1:$PORT; server_name other.example; location / { return 202; } }
                server { listen 127.0.0.1:$PORT; server_name plain.example; location / { return 200; } }""";
        try (WebServer server = WebServer.start(WebServer.Kind.NGINX, home, another)) {
            Measurement measured = run(server, """
                    connections: 10
                    load: {closed: {concurrency: 2}}
                    protocol: {http: {path: /1k}}
                    mix:
                      - {name: other, http: {path: /1k, host: other.example}}
                      - {name: plain, http: {path: /1k, host: plain.example}}
                    """);
            assertThat(measured.memberStatuses().get("other")).containsOnlyKeys(202);
            assertThat(measured.memberStatuses().get("plain")).containsOnlyKeys(200);
        }
    }

    /** How each server limits the requests of a connection: nginx and Apache announce the close with the last response. */
    @ParameterizedTest
    @CsvSource({
        "NGINX, true, keepalive_requests 3;",
        "NGINX, false, keepalive_requests 3;",
        "APACHE, true, MaxKeepAliveRequests 2",
        "APACHE, false, MaxKeepAliveRequests 2"
    })
    void whatAnAnnouncedCloseLeavesGoesOnWhereThePlanSaysSo(WebServer.Kind kind, boolean reconnects, String settings)
            throws Exception {
        try (WebServer server = WebServer.start(kind, home, settings)) {
            Measurement measured = run(server, """
                    connections: 10
                    load: {closed: {concurrency: 4}}
                    protocol: {http: {path: /1k}}
                    mix: [{name: only, exchanges: 8, reconnect: %s}]
                    """.formatted(reconnects));
            LedgerReading total = measured.total();
            // 3 + 3 + 2 of nginx; Apache's limit counts those that follow the first: 3 + 3 + 2 too.
            assertThat(total.started()).isEqualTo(reconnects ? 30 : 10);
            assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(total.started());
            assertThat(total.exchanges()).isEqualTo(reconnects ? 80 : 30);
            assertThat(total.notBegun()).isEqualTo(reconnects ? 0 : 50);
            assertThat(measured.causes())
                    .extracting(each -> each.cause().text() + " " + each.count())
                    .containsExactly("announced " + (reconnects ? 20 : 10));
            assertThat(server.served()).hasSize((int) total.exchanges());
        }
    }

    @ParameterizedTest
    @EnumSource(WebServer.Kind.class)
    void http10IsKeptOrEndsAsAnnounced(WebServer.Kind kind) throws Exception {
        try (WebServer server = WebServer.start(kind, home, "")) {
            Measurement measured = run(server, """
                    connections: 10
                    load: {closed: {concurrency: 2}}
                    protocol: {http: {path: /1k, version: 1.0}}
                    mix: [{name: only, exchanges: 3, reconnect: true}]
                    """);
            LedgerReading total = measured.total();
            assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(total.started());
            assertThat(total.exchanges()).isEqualTo(30);
            assertThat(statuses(measured)).isEqualTo(Map.of("200", 30L));
            assertThat(server.served()).hasSize(30);
        }
    }

    @ParameterizedTest
    @EnumSource(WebServer.Kind.class)
    void aBodyThatWaitsForTheServersWordIsTaken(WebServer.Kind kind) throws Exception {
        try (WebServer server = WebServer.start(kind, home, "")) {
            Measurement measured = run(server, """
                    connections: 6
                    load: {closed: {concurrency: 2}}
                    protocol: {http: {path: /1k, method: POST, body: {bytes: 300kB}, headers: {Expect: 100-continue}}}
                    mix: [{name: only, exchanges: 2}]
                    """);
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(6);
            assertThat(statuses(measured)).isEqualTo(Map.of("200", 12L));
            assertThat(server.served()).hasSize(12);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NGINX", "APACHE"})
    void aBodyThatIsTooLargeIsRefusedByStatusAndNotByAReset(WebServer.Kind kind) throws Exception {
        String limit = kind == WebServer.Kind.NGINX ? "client_max_body_size 100k;" : "LimitRequestBody 100000";
        try (WebServer server = WebServer.start(kind, home, limit)) {
            Measurement measured = run(server, """
                    connections: 10
                    load: {closed: {concurrency: 2}}
                    protocol: {http: {path: /1k, method: POST, body: {bytes: 5MB}}}
                    mix: [{name: only, exchanges: 2}]
                    """);
            LedgerReading total = measured.total();
            assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(10);
            assertThat(statuses(measured)).isEqualTo(Map.of("413", 10L));
            assertThat(total.unexpected()).isEqualTo(10);
            assertThat(server.served()).hasSize(10);
        }
    }
}
