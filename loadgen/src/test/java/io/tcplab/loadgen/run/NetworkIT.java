package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileError;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A network of tcplab's own between client and server. */
@Timeout(120)
class NetworkIT {

    private static final double ROUND_TRIP_MICROS = 20_000;

    private static Profile profile(String network, String... sets) {
        return Profiles.of("""
                connections: 60
                load: {closed: {concurrency: 5}}
                mix: [{name: short, exchanges: 2, request: 64B, response: 5kB, close: {by: client, how: fin}}]
                network: %s
                """.formatted(network), sets);
    }

    private static Summary run(String network, String... sets) throws Exception {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        assumeThat(UserNamespace.obstacle()).isEmpty();
        return IsolatedRun.inNamespaces(profile(network, sets));
    }

    private static NetworkFigures network(Summary summary) {
        return Objects.requireNonNull(summary.network());
    }

    private static void everyWitnessAgrees(Summary summary) {
        assertThat(summary.outcomes().balances()).isTrue();
        assertThat(summary.reconciliation())
                .allSatisfy(
                        check -> assertThat(check.agrees()).as(check.toString()).isTrue());
        assertThat(summary.reconciliation())
                .filteredOn(check -> check.is(Reconciled.Check.CLIENT_SEGMENTS_SENT)
                        || check.is(Reconciled.Check.SERVER_SEGMENTS_RECEIVED)
                        || check.is(Reconciled.Check.SERVER_RETRANSMITTED))
                .hasSize(3);
    }

    @Test
    void everyConnectTakesOneRoundTripAndEachSegmentIsCounted() throws Exception {
        Summary summary = run("{rtt: 20ms}");
        assertThat(summary.latencies().of(Metric.CONNECT).p50Micros()).isGreaterThanOrEqualTo(ROUND_TRIP_MICROS);
        assertThat(network(summary).achieved().rttMicros()).isGreaterThanOrEqualTo(ROUND_TRIP_MICROS);
        assertThat(network(summary).segments().syn()).isEqualTo(60);
        assertThat(network(summary).segments().client().fin()).isEqualTo(60);
        assertThat(network(summary).dropped().all()).isZero();
        assertThat(network(summary).asked()).containsEntry("rtt", "20ms");
        everyWitnessAgrees(summary);
    }

    @Test
    void booksBalanceUnderLossReorderingAndDuplicates() throws Exception {
        Summary summary =
                run("{rtt: 2ms, jitter: 1ms, loss: 2%, lossBurst: 2, reorder: 2%, duplicate: 2%, rate: 50mbit}");
        assertThat(network(summary).dropped().reasons()).containsKey("lost");
        assertThat(network(summary).achieved().duplicated()).isPositive();
        assertThat(network(summary).segments().retransmitted()).isPositive();
        everyWitnessAgrees(summary);
    }

    @Test
    void aSynThatIsLostCostsOneSecond() throws Exception {
        Summary summary = run("{lose: [{side: client, segment: SYN, nth: 1}]}");
        assertThat(summary.latencies().of(Metric.CONNECT).maxMicros()).isGreaterThan(950_000);
        assertThat(network(summary).dropped().reasons()).containsEntry("lostByName", 1L);
        assertThat(network(summary).segments().client().retransmitted()).isEqualTo(1);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(60);
        assertThat(summary.warnings())
                .singleElement()
                .satisfies(
                        warning -> assertThat(warning.message()).contains("the run's own network dropped 1 packets"));
        everyWitnessAgrees(summary);
    }

    @Test
    void eachDirectionHasItsOwnDelay() throws Exception {
        Summary summary = run("{rtt: 2ms, client: {delay: 15ms}, server: {delay: 5ms}}", "connections=20");
        assertThat(network(summary).achieved().rttMicros()).isGreaterThanOrEqualTo(ROUND_TRIP_MICROS);
        assertThat(network(summary).achieved().oneWayMicros()).isEqualTo(5_000);
    }

    @Test
    void mtuMakesSmallerSegments() throws Exception {
        Summary usual = run("{}", "connections=20");
        Summary small = run("{mtu: 600B}", "connections=20");
        assertThat(network(small).segments().server().data())
                .isGreaterThan(2 * network(usual).segments().server().data());
        everyWitnessAgrees(small);
    }

    @Test
    void anActionCutsTheCableForATime() throws Exception {
        Summary summary = run(
                "{rtt: 1ms}",
                "connections=1000000",
                "duration=2s",
                "actions=[{at: 500ms, network: {loss: 100%}, for: 300ms}]");
        assertThat(summary.actions().getFirst().what()).isEqualTo("network loss: 100% for 300ms");
        assertThat(summary.actions().getFirst().failure()).isNull();
        assertThat(network(summary).dropped().reasons()).containsKey("lost");
        assertThat(network(summary).dropped().all())
                .as("the cable works again")
                .isLessThan(network(summary).segments().all() / 2);
        everyWitnessAgrees(summary);
    }

    /** The first of two equal changes stays below the one that came between them. */
    @Test
    void aChangeThatIsTakenBackIsNotAnotherThatSaysTheSame() throws Exception {
        Summary summary = run(
                "{rtt: 1ms}",
                "connections=1000000",
                "duration=2500ms",
                "client.connectTimeout=300ms",
                "actions=[{at: 100ms, network: {loss: 100%}, for: 20s}, {at: 200ms, network: {loss: 0%}},"
                        + " {at: 300ms, network: {loss: 100%}, for: 200ms}, {at: 1500ms, mark: after}]");
        ActionReport after = summary.actions().getLast();
        assertThat(after.what()).isEqualTo("mark after");
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isPositive();
        assertThat(after.lost().droppedSyn()).isZero();
    }

    @Test
    void aNetworkNeedsNamespaces() {
        assertThatThrownBy(() -> IsolatedRun.onHost(profile("{rtt: 1ms}")))
                .isInstanceOf(CannotRun.class)
                .hasMessage("network needs an isolated network: add --isolate netns.");
    }

    @Test
    void whatCannotBeSaysWhy() {
        assertThatThrownBy(() -> profile("{loss: 101%}")).isInstanceOf(ProfileError.class);
        assertThatThrownBy(() -> profile("{rate: 100}"))
                .isInstanceOf(ProfileError.class)
                .hasMessageContaining("bits per second such as 100mbit");
        assertThatThrownBy(() -> profile("{rtt: 1ms}", "actions=[{at: 1s, network: {mtu: 1400}}]"))
                .isInstanceOf(ProfileError.class)
                .hasMessageContaining("mtu, which cannot change during a run");
        assertThatThrownBy(() -> profile("{lose: [{segment: SYN, per: connection}]}"))
                .isInstanceOf(ProfileError.class)
                .hasMessageContaining("counts nothing without nth");
    }
}
