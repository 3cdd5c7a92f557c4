package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProfileSetsTest {

    private static final String YAML = """
            load: {open: {rate: 100/s, arrivals: poisson}}
            connections: 5
            mix:
              - {name: short, weight: 80}
              - {name: keepalive, weight: 20, exchanges: 100}
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
