package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.SideFigures;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel did is in the summary, with its cause and remedy, and agrees with our books also when connections fail. */
@OverEachTransport
@Timeout(60)
class KernelSideIT {

    @BeforeAll
    static void needsNamespaces() {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
    }

    @Test
    void aPausedAcceptorFillsTheAcceptQueueToItsLimitAndOne() throws Exception {
        Profile profile = Profiles.of("""
                name: overflow
                connections: 40
                load: {open: {rate: 200/s}}
                protocol: none
                mix: [{name: only, close: {by: client, how: fin}}]
                server: {backlog: 16, acceptPaused: true}
                client: {connectTimeout: 700ms, closeTimeout: 300ms}
                """);
        Summary summary = IsolatedRun.inNamespaces(profile);
        SideFigures server = summary.kernel().server();
        assertThat(server).isNotNull();
        assertThat(server.acceptQueue()).isNotNull();
        assertThat(server.acceptQueue().limit()).isEqualTo(16);
        assertThat(server.acceptQueue().peak()).isEqualTo(17);
        assertThat(server.counter(KernelCounter.LISTEN_OVERFLOWS))
                .isPositive()
                .isEqualTo(server.counter(KernelCounter.LISTEN_DROPS));
        assertThat(summary.warnings()).extracting(Verdict.Warning::code).contains("acceptQueueOverflowed");
        assertThat(server.listeners()).hasSize(1);
        assertThat(server.listeners().getFirst().overflows()).isEqualTo(server.counter(KernelCounter.LISTEN_OVERFLOWS));
        assertThat(server.listeners().getFirst().setBy()).isEqualTo("listen");
        assertThat(server.listeners().getFirst().program()).isEqualTo("java");
        assertThat(server.listeners().getFirst().accepted()).isZero();
        assertThat(server.shared()).isFalse();
        assertThat(summary.warnings())
                .extracting(Verdict.Warning::message)
                .anyMatch(message ->
                        message.contains("(java, pid ") && message.contains("a limit of 16, set by listen()"));
        assertThat(summary.outcomes().balances()).isTrue();
    }

    /** An even number of ports: of an odd one connect() may leave out the last (__inet_hash_connect, net/ipv4/inet_hashtables.c). */
    @Test
    void portsThatRunOutAreNamedWithTheirArithmetic() throws Exception {
        Profile profile = Profiles.of("""
                name: ports
                connections: 60
                load: {closed: {concurrency: 1}}
                mix: [{name: only, close: {by: client, how: fin}}]
                sysctls: {client: {net.ipv4.ip_local_port_range: 40000 40023, net.ipv4.tcp_tw_reuse: 0}}
                """);
        Summary summary = IsolatedRun.inNamespaces(profile);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(24);
        assertThat(summary.outcomes().count(ConnectionOutcome.NO_LOCAL_PORT)).isEqualTo(36);
        assertThat(summary.warnings()).extracting(Verdict.Warning::code).contains("localPortsExhausted");
        assertThat(summary.reconciliation()).isNotEmpty().allMatch(Reconciled::agrees);
        assertThat(summary.valid()).isTrue();
    }

    @Test
    void aSysctlOfTheProfileIsSetOnItsSideAloneAndNeverOnTheHost() throws Exception {
        String before = Sysctl.read("net.ipv4.tcp_fin_timeout").orElse("");
        Profile profile = Profiles.of("""
                name: sysctl
                connections: 1
                load: {closed: {concurrency: 1}}
                mix: [{name: only}]
                sysctls: {client: {net.ipv4.tcp_fin_timeout: 7}, server: {net.ipv4.tcp_fin_timeout: 9}}
                """);
        Summary summary = IsolatedRun.inNamespaces(profile);
        assertThat(summary.valid()).isTrue();
        assertThat(Sysctl.read("net.ipv4.tcp_fin_timeout").orElse("")).isEqualTo(before);
    }

    @Test
    void fastArrivalsOnLoopbackReachTheirRateAndMeasureTheKernelNotTheQueue() throws Exception {
        Profile profile = Profiles.of("""
                name: rate
                warmup: 500ms
                duration: 1500ms
                load: {open: {rate: 200/s}}
                mix: [{name: only}]
                """);
        Summary summary = IsolatedRun.onHost(profile);
        assertThat(summary.outcomes().balances()).isTrue();
        assertThat(summary.outcomes().errors()).isZero();
        assertThat(summary.rates().offered()).isEqualTo(200.0);
        SideFigures server = summary.kernel().server();
        assertThat(server).isNotNull();
        assertThat(server.shared()).isTrue();
        assertThat(server.listeners().getFirst().accepted())
                .isEqualTo(summary.outcomes().started() + summary.warmup().started());
    }
}
