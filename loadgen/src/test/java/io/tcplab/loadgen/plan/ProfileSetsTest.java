package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ProfileSetsTest {

    private static final String YAML = """
            load: {open: {rate: 100/s, arrivals: poisson}}
            connections: 5
            mix:
              - {name: short, weight: 80}
              - {name: keepalive, weight: 20, exchanges: 100}
            """;

    private static final String OTHER_KEYS = """
            targets: [{at: "127.0.0.1:80", weight: 3}, {at: "[::1]:80"}]
            duration: 3s
            load: {requests: {rate: 1000/s, connections: 50, arrivals: poisson}}
            mix:
              - {name: plain}
              - name: page
                reconnect: true
                target: 127.0.0.1:81
                http: {host: a.example, path: /b, headers: {Accept: "*/*"}, body: {bytes: 10kB}, expect: {status: [200, 3xx], body: ok}}
              - name: ping
                script:
                  - expect: {until: "\\r\\n", match: "^220 ", atMost: 1k}
                  - send: "HELO ${index} ${random:1-1000}\\r\\n"
                  - expect: {length: {at: 1, bytes: 2, endian: little, adds: 4, atMost: 1MiB}}
                  - loop: [{name: noop, send: {hex: "00 01"}}, {expect: {bytes: 7, match: {literal: "x"}}}, {pause: 10ms}]
                  - last: [{send: "QUIT"}, {expect: {close: true}}]
            protocol: {http: {method: POST, version: "1.0"}}
            tls: {serverName: a.example, alpn: http/1.1, insecure: true, versions: [1.3], resume: 80%, closeNotify: await}
            client: {congestion: bbr, tcpInfo: 8, proxyProtocol: v2}
            thresholds: ["step.noop.p99 < 5ms", actions.lost == 0]
            """;

    private static final String SERVER_KEYS = """
            connections: 10
            load: {hold: {connections: 10, ramp: 1s, reopen: 2s}}
            protocol: http
            mix: [{name: only, exchanges: 2}]
            server:
              command: [nginx, -c, /etc/x.conf, -g, "daemon off;"]
              port: 8080
              ready: {http: /health}
              readyTimeout: 9s
              stop: SIGQUIT
              stopTimeout: 4s
              environment: {A: b}
              directory: /tmp
            actions:
              - {at: 5s, run: [nginx, -s, reload]}
              - {at: 5s, signal: SIGHUP}
              - {at: 8s, stop: server}
              - {at: 9s, start: server}
              - {at: 10s, mark: by hand}
              - {at: 11s, network: {loss: 100%, rtt: 1ms}, for: 500ms}
            network: {rtt: 1ms}
            tune:
              repeat: 3
              parallel: 2
              matrices:
                - client: {net.ipv4.tcp_tw_reuse: [0, 1]}
                  server: {net.core.somaxconn: [16]}
                  set: {server.stopTimeout: [1s]}
                  isolate: netns
            """;

    private static Profile with(String... sets) {
        return ProfileReader.read("p.yaml", YAML, List.of(sets));
    }

    private static Load open(double rate) {
        return new Load.Open(List.of(new RateSegment(rate, rate, Long.MAX_VALUE)), Arrivals.POISSON);
    }

    @Test
    void aSetReachesAnyKey() {
        assertThat(with("load.open.rate=5000/s").load()).isEqualTo(open(5000));
        assertThat(with("mix.0.weight=3").mix().getFirst().weight()).isEqualTo(3);
        assertThat(with("mix.keepalive.weight=3").mix().getLast().weight()).isEqualTo(3);
        assertThat(with("mix.short.close.how=rst").mix().getFirst().close().how())
                .isEqualTo(CloseStyle.RST);
        assertThat(with("client.sources=[127.0.0.1-127.0.0.8]").client().sources())
                .hasSize(8);
        assertThat(with("client.sources=127.0.0.0/24").client().sources()).hasSize(254);
        assertThat(with("connections=23").connections()).isEqualTo(23);
        assertThat(with("sysctls.client.net.ipv4.tcp_tw_reuse=1").clientSysctls())
                .isEqualTo(Map.of("net.ipv4.tcp_tw_reuse", "1"));
        assertThat(with("target=[::1]:9000").target()).isEqualTo(new Endpoint("::1", 9000));
        assertThat(with("protocol=http", "protocol.http.path=/x", "http.headers.X.Y=z", "protocol=http")
                        .protocol())
                .isEqualTo(Requests.get("/", Map.of("X.Y", "z")));
        assertThat(with("protocol=http", "protocol.http.path=/x").protocol()).isEqualTo(Requests.get("/x", Map.of()));
    }

    @Test
    void aKeyIsReachedThroughAWordThatStandsForItsDefaults() {
        assertThat(with("tls=true", "tls.resume=80%").tls().resume()).isEqualTo(0.8);
        assertThat(with("mix.0.protocol=http", "mix.0.protocol.http.path=/x")
                        .mix()
                        .getFirst()
                        .protocol())
                .isEqualTo(Requests.get("/x", Map.of()));
        assertThat(with("server={command: [true], port: 80, ready: connect}", "server.ready.http=/up")
                        .ownServer()
                        .ready())
                .isEqualTo(new OwnServer.Ready.Http("/up"));
    }

    @Test
    void aListBeginsWithItsFirstElement() {
        assertThat(with("targets.0.at=127.0.0.1:80", "targets.1={at: \"[::1]:80\", weight: 3}")
                        .askedTargets())
                .containsExactly(new Endpoint("127.0.0.1", 80), new Endpoint("::1", 80));
        assertThat(with("thresholds.0=errors.count == 0").thresholds()).hasSize(1);
        assertThat(with("network.lose.0={segment: SYN, nth: 1}").network().lose())
                .hasSize(1);
    }

    /** Whatever a profile may have, {@code --set} reaches, in the order in which it is written. */
    @ParameterizedTest
    @ValueSource(strings = {EveryKey.YAML, OTHER_KEYS, SERVER_KEYS})
    void everyKeyOfAProfileCanBeSet(String yaml) {
        Profile whole = ProfileReader.read("p.yaml", yaml, List.of());
        Map<String, Object> written = ProfileKeys.write(whole);
        String full = YamlText.write(written);
        List<String> leaves = new ArrayList<>();
        leaves("", written, leaves);
        assertThat(leaves.size()).isGreaterThan(30);
        for (String set : leaves) {
            assertThat(ProfileReader.read("p.yaml", full, List.of(set))).as(set).isEqualTo(whole);
        }
        leaves.removeIf(set -> set.startsWith("load.") || set.startsWith("mix."));
        leaves.addFirst("load=" + inline(written.get("load")));
        leaves.addFirst("mix=" + inline(written.get("mix")));
        assertThat(ProfileReader.read(
                        "p.yaml", "name: p\nload: {closed: {concurrency: 1}}\nmix: [{name: a}]\n", leaves))
                .isEqualTo(whole);
    }

    private static void leaves(String path, Object node, List<String> into) {
        switch (node) {
            case Map<?, ?> map
            when !map.isEmpty() ->
                map.forEach((key, value) -> leaves(path.isEmpty() ? key.toString() : path + "." + key, value, into));
            case List<?> list
            when !list.isEmpty() && list.getFirst() instanceof Map<?, ?> -> {
                for (int i = 0; i < list.size(); i++) {
                    leaves(path + "." + i, list.get(i), into);
                }
            }
            default -> into.add(path + "=" + inline(node));
        }
    }

    private static String inline(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    @Test
    void aSubTreeIsReplacedAsAWhole() {
        assertThat(with("load={closed: {concurrency: 10}}").load()).isEqualTo(new Load.Closed(10));
        assertThat(with("mix=[{name: only}]").mix()).hasSize(1);
        assertThat(with("mix.2={name: third}").mix()).hasSize(3);
    }

    @Test
    void anEmptyValueTakesTheKeyAway() {
        assertThat(with("connections=").connections()).isEqualTo(Profile.UNLIMITED);
        assertThat(with("mix.1=").mix()).hasSize(1);
    }

    @Test
    void aSettingOfTheCompanionIsRefusedBesideATarget() {
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> with("server.backlog=16", ProfileSets.target("127.0.0.1:80")))
                .withMessageContaining("server.backlog: has no effect with a target");
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() ->
                        ProfileReader.read("p.yaml", YAML + "target: 127.0.0.1:80\nserver: {backlog: 16}\n", List.of()))
                .withMessageStartingWith("p.yaml:7:19: server.backlog: has no effect with a target");
        assertThat(ProfileReader.read(
                                "p.yaml", YAML + "server: {backlog: 16}\n", List.of(ProfileSets.target("127.0.0.1:80")))
                        .server()
                        .companion()
                        .backlog())
                .isEqualTo(16);
    }

    @Test
    void theOptionsReplaceTheLoadWhereTheyMust() {
        assertThat(with(ProfileSets.rate("7/s")).load()).isEqualTo(open(7));
        assertThat(with(ProfileSets.concurrency("7")).load()).isEqualTo(new Load.Closed(7));
        assertThat(with(ProfileSets.concurrency("7"), ProfileSets.rate("8")).load())
                .isEqualTo(new Load.Open(List.of(new RateSegment(8, 8, Long.MAX_VALUE)), Arrivals.CONSTANT));
        assertThat(with(ProfileSets.duration("3s")).durationNanos()).isEqualTo(3_000_000_000L);
        assertThat(with(ProfileSets.connections("3")).connections()).isEqualTo(3);
        assertThat(with(ProfileSets.seed("-3")).seed()).isEqualTo(-3);
        assertThat(with(ProfileSets.target("[::1]:80")).target()).isEqualTo(new Endpoint("::1", 80));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "load.closed.concurrency=5 ~ 'must have exactly one key, not open (p.yaml:1:8), "
                        + "closed (--set load.closed.concurrency=5)'",
                "laod.open.rate=5 ~ '--set laod.open.rate=5: unknown key \"laod\"; did you mean load?'",
                "mix.long.weight=5 ~ 'mix has no \"long\"; it has short, keepalive'",
                "mix.3.weight=5 ~ 'mix has no \"3\"; it has short, keepalive'",
                "connections.x=5 ~ 'connections is \"5\" here and has no keys'",
                "connections ~ must be PATH=VALUE",
                "=5 ~ must be PATH=VALUE",
                "load..rate=5 ~ has an empty key",
                "--speed=5 ~ is not PATH=VALUE",
                "--rate=5/x ~ '--rate=5/x: load.open.rate: must be a rate'",
                "duration=2 parsecs ~ '--set duration=2 parsecs: duration: must be a time'",
                "mix=[[[ ~ 'mix: must be a list'",
            })
    void aSetThatLeadsNowhereIsRefused(String set, String sentence) {
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> with(set))
                .satisfies(e -> assertThat(e.getMessage()).contains(sentence));
    }
}
