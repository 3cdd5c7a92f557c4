package io.tcplab.loadgen.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.cli.CommandLineAccess;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Limits that are known by construction, found again, with what ended them. */
@Timeout(300)
class LimitIT {

    @TempDir
    private Path home;

    @BeforeEach
    void namespaces() {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
    }

    private JsonNode limit(String yaml, String... more) throws Exception {
        Path profile = Files.writeString(home.resolve("limit.yaml"), yaml);
        List<String> arguments = new ArrayList<>(List.of("limit", profile.toString(), "--json", "--repeat", "1"));
        arguments.addAll(List.of("--out", home.resolve("tries").toString()));
        arguments.addAll(List.of(more));
        CommandLineAccess.Ran ran = CommandLineAccess.run(arguments);
        assertThat(ran.exitCode()).as(ran.stderr()).isZero();
        return JsonMapper.shared().readTree(ran.stdout());
    }

    /** No machine accepts faster than the pace; one that has more to do than CPUs accepts more slowly. */
    @Test
    void anAcceptThatTakesTenMillisecondsEndsAtAHundredASecond() throws Exception {
        JsonNode limit = limit("""
                name: accept
                warmup: 500ms
                duration: 4s
                load: {open: {rate: 92/s}}
                mix: [{name: short}]
                protocol: echo
                server: {acceptDelay: 10ms}
                thresholds: ["errors.count < 1"]
                """, "--precision", "6");
        assertThat(limit.path("value").asDouble()).as(limit.toString()).isLessThan(104);
        assertThat(limit.path("interval").path(1).asDouble())
                .as(limit.toString())
                .isLessThan(110);
        assertThat(limit.path("endedBy").asString()).as(limit.toString()).isEqualTo("acceptQueue");
        assertThat(limit.path("evidence").asString()).contains("waited in its accept queue");
        double busy = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Assumptions.assumeTrue(
                busy < 2.0 * Runtime.getRuntime().availableProcessors(),
                "this machine is too busy to keep a pace: only that none is faster was tested");
        assertThat(limit.path("value").asDouble()).as(limit.toString()).isGreaterThan(85);
    }

    /** They are opened over a second and completed when it is over, which is no rate that was missed. */
    @Test
    void oneConnectionForEachPortCanBeHeld() throws Exception {
        JsonNode limit = limit("""
                name: held
                duration: 1500ms
                load: {hold: {connections: 30, ramp: 1s}}
                mix: [{name: held, exchanges: 1000, think: 500ms}]
                protocol: echo
                sysctls: {client: {net.ipv4.ip_local_port_range: 20000 20049}}
                """, "--precision", "1");
        assertThat(limit.path("figure").asString()).isEqualTo("connections");
        assertThat(limit.path("value").asDouble()).as(limit.toString()).isEqualTo(50);
        assertThat(limit.path("interval").path(1).asDouble()).isEqualTo(51);
        assertThat(limit.path("endedBy").asString()).as(limit.toString()).isEqualTo("ports");
    }

    /** Within a second each of the hundred ports can be used once. */
    @Test
    void aHundredPortsWithoutReuseEndAtTheirNumberWithTheArithmetic() throws Exception {
        JsonNode limit = limit("""
                name: ports
                duration: 1s
                load: {open: {rate: 60/s}}
                mix: [{name: once, exchanges: 0, close: {by: client, how: fin}}]
                protocol: none
                sysctls: {client: {net.ipv4.ip_local_port_range: 20000 20099, net.ipv4.tcp_tw_reuse: 0}}
                """);
        assertThat(limit.path("value").asDouble()).as(limit.toString()).isBetween(95.0, 101.0);
        assertThat(limit.path("endedBy").asString()).as(limit.toString()).isEqualTo("ports");
        assertThat(limit.path("evidence").asString())
                .contains("100 ports × 1 source ÷ 60 s of TIME_WAIT sustain 1.67 connections/s")
                .contains("ends before a port comes back");
    }
}
