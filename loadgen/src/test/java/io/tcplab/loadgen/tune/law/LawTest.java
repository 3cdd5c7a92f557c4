package io.tcplab.loadgen.tune.law;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.compare.Specimens;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The arithmetic of ports, queues and probes, against what the kernel was measured to do. */
@Timeout(30)
class LawTest {

    private static final Profile CLIENT_CLOSES = Specimens.profile();

    private static Map<String, String> client(String... keysAndValues) {
        Map<String, String> sysctls = new HashMap<>(Map.of(
                "ephemeralPorts", "100",
                "net.ipv4.tcp_tw_reuse", "0",
                "net.ipv4.tcp_timestamps", "1"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            sysctls.put("net.ipv4." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return sysctls;
    }

    private static Specimens.Round completed(long connections, long withoutPort) {
        return Specimens.round()
                .ended(ConnectionOutcome.COMPLETED, connections)
                .ended(ConnectionOutcome.NO_LOCAL_PORT, withoutPort);
    }

    private static Law law(Profile profile, Map<String, String> client, boolean loopback, Specimens.Round round) {
        return Objects.requireNonNull(Law.of(profile, client, Map.of(), loopback, round.summary()));
    }

    private static long expected(Map<String, String> client, boolean loopback) {
        return law(CLIENT_CLOSES, client, loopback, completed(100, 5300)).most();
    }

    @Test
    void withoutReuseEachPortServesOnce() {
        assertThat(expected(client(), false)).isEqualTo(100);
        Law law = law(CLIENT_CLOSES, client(), false, completed(100, 5300));
        assertThat(law.held()).isTrue();
        assertThat(law.because()).isEqualTo("100 ports × 1 source (no port is used twice) = 100");
    }

    @Test
    void aClientThatLingersLeavesItsTimeWaitsToo() {
        Profile lingers = Specimens.profile("mix: [{name: short, close: {how: linger 2s}}]");

        assertThat(law(lingers, client(), false, completed(100, 5300)).most()).isEqualTo(100);
    }

    @Test
    void nothingIsSaidOfPortsThatAConnectionNeverGivesBack() {
        Profile keeps = Specimens.profile("mix: [{name: short, close: {how: abandon}}]");

        assertThat(PortLaw.of(keeps, client(), false, completed(100, 5300).summary()))
                .isNull();
    }

    @Test
    void withReuseEachPortServesOnceInEachIntervalBegun() {
        assertThat(expected(client("tcp_tw_reuse", "1"), false)).isEqualTo(600);
        assertThat(expected(client("tcp_tw_reuse", "1", "tcp_tw_reuse_delay", "500"), false))
                .isEqualTo(1100);
        assertThat(expected(client("tcp_tw_reuse", "1", "tcp_tw_reuse_delay", "3000"), false))
                .isEqualTo(200);
    }

    @Test
    void twoIsForLoopbackAddressesAlone() {
        assertThat(expected(client("tcp_tw_reuse", "2"), false)).isEqualTo(100);
        assertThat(expected(client("tcp_tw_reuse", "2"), true)).isEqualTo(600);
    }

    @Test
    void withoutTimestampsThereIsNoReuse() {
        assertThat(expected(client("tcp_tw_reuse", "1", "tcp_timestamps", "0"), false))
                .isEqualTo(100);
    }

    @Test
    void aSecondSourceIsAsManyPortsAgain() {
        Profile two = Specimens.profile("client: {sources: [198.18.0.1, 198.18.0.11]}");
        assertThat(law(two, client(), false, completed(200, 5200)).most()).isEqualTo(200);
    }

    @Test
    void whereTheServerClosesOrAResetEndsItPortsSetNoLimit() {
        for (String close : new String[] {"{by: server, how: fin}", "{by: client, how: rst}"}) {
            Profile profile = Specimens.profile("mix: [{name: once, exchanges: 0, close: " + close + "}]");
            assertThat(law(profile, client(), false, completed(5400, 0)).held()).isTrue();
        }
    }

    @Test
    void aResetThatEndsATimeWaitMakesRoomForOneMore() {
        Law law = law(CLIENT_CLOSES, client(), false, completed(103, 5300).server("Tcp.OutRsts", 3));
        assertThat(law.most()).isEqualTo(103);
        assertThat(law.held()).isTrue();
    }

    @Test
    void aShortfallOfALateGeneratorSaysNothingAndASurplusSaysAll() {
        Map<String, String> reuse = client("tcp_tw_reuse", "1");
        Law late = law(CLIENT_CLOSES, reuse, false, completed(500, 4900).late(900_000));
        assertThat(late.undecided()).isTrue();
        Law surplus = law(CLIENT_CLOSES, reuse, false, completed(700, 4700).late(900_000));
        assertThat(surplus.undecided()).isFalse();
        assertThat(surplus.held()).isFalse();
        assertThat(law(CLIENT_CLOSES, reuse, false, completed(500, 4900)).held())
                .isFalse();
    }

    @Test
    void otherErrorsThanPortsLeaveNothingToSay() {
        Specimens.Round refused = completed(100, 0).ended(ConnectionOutcome.REFUSED, 7);
        assertThat(Law.of(CLIENT_CLOSES, client(), Map.of(), false, refused.summary()))
                .isNull();
    }

    private static final Profile SLOW = Specimens.profile(
            "load: {hold: {connections: 60, ramp: 100ms}}", "server: {backlog: 64, acceptDelay: 50ms}");

    private static Law queue(String somaxconn, Specimens.Round round) {
        return Objects.requireNonNull(
                Law.of(SLOW, Map.of(), Map.of("net.core.somaxconn", somaxconn), false, round.summary()));
    }

    @Test
    void theAcceptQueueHoldsOneMoreThanTheSmallerOfBacklogAndSomaxconn() {
        Specimens.Round full = Specimens.round().queue(16, 17).server("TcpExt.ListenOverflows", 9);
        assertThat(queue("16", full).held()).isTrue();
        assertThat(queue("4096", full).held()).as("64 + 1 would have fit").isFalse();
        Specimens.Round roomy = Specimens.round().queue(64, 58);
        assertThat(queue("4096", roomy).held()).isTrue();
        assertThat(queue("16", roomy).held()).as("longer than the limit").isFalse();
    }

    private static Profile vanishing(String probe) {
        return Specimens.profile(
                "duration: 7s",
                "load: {hold: {connections: 20, ramp: 100ms}}",
                "client: {" + probe + "}",
                "faults: [{drop: everything, from: 500ms}]");
    }

    private static Law probes(String probe, String time, Specimens.Round round) {
        Map<String, String> sysctls = client("tcp_keepalive_time", time, "tcp_keepalive_intvl", "1");
        sysctls.put("net.ipv4.tcp_keepalive_probes", "2");
        return Objects.requireNonNull(Law.of(vanishing(probe), sysctls, Map.of(), false, round.summary()));
    }

    @Test
    void probesFindAVanishedPeerAfterIdlePlusIntervalTimesCount() {
        Specimens.Round after5 = Specimens.round().cause("recv: ETIMEDOUT", 5.2);
        assertThat(probes("keepaliveProbe: {idle: 1s, interval: 1s, count: 4}", "7200", after5)
                        .held())
                .isTrue();
        assertThat(probes("keepaliveProbe: {idle: 1s, interval: 1s, count: 2}", "7200", after5)
                        .held())
                .isFalse();
    }

    @Test
    void theSysctlsAreTheTimesOfASocketWithoutItsOwn() {
        Specimens.Round after3 = Specimens.round().cause("recv: ETIMEDOUT", 3.2);
        assertThat(probes("keepaliveProbe: {}", "1", after3).held()).isTrue();
        assertThat(probes("keepaliveProbe: {}", "7200", Specimens.round()).held())
                .isTrue();
        Specimens.Round ended = Specimens.round().ended(ConnectionOutcome.TIMED_OUT, 20);
        assertThat(probes("nodelay: true", "1", ended).held())
                .as("without SO_KEEPALIVE nothing checks")
                .isFalse();
    }
}
