package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.SideFigures;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The standing cross-check: 23 connections of each close style and closer, counted by the client, the companion and the kernel of each
 * side, must agree.
 */
@OverEachTransport
@Timeout(60)
class CrossCheckIT {

    private static final int N = 23;

    @BeforeAll
    static void needsNamespaces() {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
    }

    private static Summary run(String by, String how) throws Exception {
        Profile profile = Profiles.of("""
                name: cross-check
                connections: 23
                load: {closed: {concurrency: 3}}
                mix: [{name: only, exchanges: 2, close: {by: %s, how: %s}}]
                """.formatted(by, how));
        return IsolatedRun.inNamespaces(profile);
    }

    private static SideFigures client(Summary summary) {
        SideFigures side = summary.kernel().client();
        assertThat(side).isNotNull();
        return side;
    }

    private static SideFigures server(Summary summary) {
        SideFigures side = summary.kernel().server();
        assertThat(side).isNotNull();
        return side;
    }

    private static long companion(Summary summary, String count) {
        assertThat(summary.server()).isNotNull();
        return summary.server().counts().getOrDefault(count, -1L);
    }

    @ParameterizedTest(name = "{0} closes by {1}: TIME_WAIT {2} on the client, {3} on the server")
    @CsvSource({
        "client, fin, 23, 0",
        "client, half-close, 23, 0",
        "client, linger 2s, 23, 0",
        "client, rst, 0, 0",
        "server, fin, 0, 23",
        "server, half-close, 0, 23",
        "server, linger 2s, 0, 23",
        "server, rst, 0, 0",
    })
    void everyoneCountsTheSame(String by, String how, int clientTimeWaits, int serverTimeWaits) throws Exception {
        Summary summary = run(by, how);

        assertThat(summary.outcomes().started()).isEqualTo(N);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                .as("%s", summary.causes())
                .isEqualTo(N);
        assertThat(companion(summary, "accepted")).isEqualTo(N);
        assertThat(companion(summary, "exchanges")).isEqualTo(2 * N);
        assertThat(client(summary).counter(KernelCounter.ACTIVE_OPENS)).isEqualTo(N);
        assertThat(server(summary).counter(KernelCounter.PASSIVE_OPENS)).isEqualTo(N);
        assertThat(client(summary).timeWait().last()).isEqualTo(clientTimeWaits);
        assertThat(server(summary).timeWait().last()).isEqualTo(serverTimeWaits);
        assertThat(summary.reconciliation()).isNotEmpty().allMatch(Reconciled::agrees);
        assertThat(summary.valid()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"client", "server"})
    void anAbortIsOneResetAndNothingElse(String by) throws Exception {
        Summary summary = run(by, "rst");
        boolean byClient = by.equals("client");
        SideFigures aborter = byClient ? client(summary) : server(summary);
        SideFigures other = byClient ? server(summary) : client(summary);
        assertThat(aborter.counter(KernelCounter.OUT_RESETS)).isEqualTo(N);
        assertThat(aborter.counter(KernelCounter.ABORTS_ON_DATA)).isEqualTo(N);
        assertThat(other.counter(KernelCounter.OUT_RESETS)).isZero();
        assertThat(other.counter(KernelCounter.ESTABLISHED_RESETS)).isEqualTo(N);
        assertThat(companion(summary, byClient ? "resetsSeen" : "closedRst")).isEqualTo(N);
    }

    @ParameterizedTest
    @CsvSource({"client, 23, 0", "server, 0, 23"})
    void whatIsAbandonedStaysWhereItWasLeft(String by, int openAtEnd, int closeWaits) throws Exception {
        Summary summary = run(by, "abandon");
        assertThat(summary.outcomes().started()).isEqualTo(N);
        assertThat(summary.outcomes().count(ConnectionOutcome.OPEN_AT_END)).isEqualTo(openAtEnd);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(N - openAtEnd);
        assertThat(server(summary).atEnd("CLOSE_WAIT")).isEqualTo(closeWaits);
        assertThat(summary.reconciliation()).allMatch(Reconciled::agrees);
    }
}
