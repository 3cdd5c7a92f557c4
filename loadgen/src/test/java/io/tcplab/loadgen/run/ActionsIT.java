package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileError;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done to a server during the load, and what it costs the connections. */
@OverEachTransport
@Timeout(120)
class ActionsIT {

    private static Profile profile(String actions, String... sets) throws IOException {
        int port;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        return Profiles.of("""
                duration: 2s
                load: {open: {rate: 100/s}}
                mix: [{name: get}]
                protocol: http
                server:
                  port: %d
                  ready: {http: /}
                  readyTimeout: 60s
                  command: exec "$TCPLAB_JAVA" -XX:TieredStopAtLevel=1 -m jdk.httpserver -p $TCPLAB_PORT -b ${BIND:-127.0.0.1} -d . -o none
                actions: [%s]
                """.formatted(port, actions), sets);
    }

    @Test
    void connectionsThatAStopCostsAreItsOwn() throws Exception {
        Summary summary = IsolatedRun.onHost(profile("{at: 1s, stop: server}", "thresholds=[actions.lost < 1]"));
        ActionReport stop = summary.actions().getFirst();
        assertThat(stop.what()).isEqualTo("stop server");
        assertThat(stop.lost().refused())
                .isPositive()
                .isEqualTo(summary.outcomes().count(ConnectionOutcome.REFUSED));
        assertThat(stop.lostBefore()).isZero();
        assertThat(stop.lost().all()).isLessThanOrEqualTo(stop.connections());
        assertThat(summary.thresholdsKept()).isFalse();
        assertThat(summary.warnings()).extracting(Verdict.Warning::code).doesNotContain("serverEnded");
    }

    @Test
    void aServerIsStartedAgain() throws Exception {
        Summary summary =
                IsolatedRun.onHost(profile("{at: 200ms, stop: server}, {at: 400ms, start: server}", "duration=5s"));
        assertThat(summary.actions()).extracting(ActionReport::failure).containsOnlyNulls();
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isGreaterThan(50);
    }

    /** As an upgrade does: stopped, replaced, started. */
    @Test
    void aCommandRunsWhereTheServerDidWhileItIsStopped() throws Exception {
        Summary summary = IsolatedRun.onHost(profile(
                "{at: 200ms, stop: server}, {at: 2s, run: 'test \"$PWD\" = \"$TCPLAB_DIRECTORY\" && touch replaced'},"
                        + " {at: 2500ms, start: server}, {at: 4500ms, run: 'test -e replaced'}",
                "duration=5s",
                "server.stopTimeout=500ms"));
        assertThat(summary.actions()).extracting(ActionReport::failure).containsOnlyNulls();
        assertThat(summary.actions()).extracting(ActionReport::exitCode).containsExactly(null, 0, null, 0);
    }

    @Test
    void aStopAndAStartThatAreDueAtOnceAreDoneInTheirOrder() throws Exception {
        Summary summary =
                IsolatedRun.onHost(profile("{at: 200ms, stop: server}, {at: 200ms, start: server}", "duration=5s"));
        assertThat(summary.actions()).extracting(ActionReport::what).containsExactly("stop server", "start server");
        assertThat(summary.actions()).extracting(ActionReport::failure).containsOnlyNulls();
    }

    @Test
    void aCommandRunsBesideTheServerAndItsExitCodeIsKept() throws Exception {
        Summary summary = IsolatedRun.onHost(
                profile("{at: 0s, run: 'test \"$PWD\" = \"$TCPLAB_DIRECTORY\" || exit 1; echo no pid file; exit 7'},"
                        + " {at: 1s, run: [no-such-program]}"));
        assertThat(summary.actions().getFirst().exitCode()).isEqualTo(7);
        assertThat(summary.actions().getLast().exitCode()).isNotEqualTo(0);
        assertThat(summary.actions())
                .allSatisfy(each -> assertThat(each.lost().all()).isZero());
        assertThat(summary.warnings())
                .filteredOn(each -> each.code().equals("actionFailed"))
                .extracting(Verdict.Warning::message)
                .hasSize(2)
                .first(STRING)
                .startsWith(String.format(
                        Locale.ROOT,
                        "The action at %.1f s, run test ",
                        summary.actions().getFirst().at()))
                .endsWith(", failed: exit code 7: no pid file.");
    }

    @Test
    void anActionThatFailedMeetsNoLimitOfWhatItMayCost() throws Exception {
        Summary summary = IsolatedRun.onHost(
                profile("{at: 100ms, run: 'exit 1'}", "thresholds=[actions.lost < 1]", "duration=1s"));
        assertThat(summary.actions().getFirst().lost().all()).isZero();
        assertThat(summary.thresholds()).singleElement().satisfies(each -> {
            assertThat(each.actual()).isNull();
            assertThat(each.passed()).isFalse();
        });
    }

    @Test
    void anActionThatIsNeverDueIsSaid() throws Exception {
        Summary summary = IsolatedRun.onHost(profile("{at: 1s, mark: half}, {at: 10s, signal: HUP}"));
        assertThat(summary.actions()).extracting(ActionReport::what).containsExactly("mark half");
        assertThat(summary.warnings())
                .filteredOn(each -> each.code().equals("actionFailed"))
                .extracting(Verdict.Warning::message)
                .containsExactly("The action at 10.0 s, signal SIGHUP, failed: the load ended before its time.");
    }

    /** Before the load a request may be made to see whether it is ready; within it that would be in the kernels' counts alone. */
    @Test
    void aStartInTheLoadMakesNoConnectionOfItsOwn() throws Exception {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        Summary summary = IsolatedRun.inNamespaces(profile(
                "{at: 200ms, stop: server}, {at: 400ms, start: server}",
                "duration=4s",
                "server.environment.BIND=0.0.0.0"));
        assertThat(summary.actions()).extracting(ActionReport::failure).containsOnlyNulls();
        assertThat(summary.outcomes().count(ConnectionOutcome.REFUSED)).isPositive();
        assertThat(summary.reconciliation()).isNotEmpty().allMatch(Reconciled::agrees);
    }

    @Test
    void aServerThatAnswersNoMoreLosesWhatWaitsForIt() throws Exception {
        Summary summary = IsolatedRun.onHost(
                profile("{at: 500ms, signal: STOP}", "client.exchangeTimeout=400ms", "server.stopTimeout=100ms"));
        ActionReport stop = summary.actions().getFirst();
        assertThat(stop.lost().timedOut())
                .isPositive()
                .isEqualTo(summary.outcomes().count(ConnectionOutcome.EXCHANGE_TIMED_OUT));
        assertThat(stop.sentence()).contains("not answered in time");
        assertThat(stop.costNothing()).isFalse();
    }

    @Test
    void aStoppedServerDelaysAndASigcontLetsItGoOn() throws Exception {
        Summary summary = IsolatedRun.onHost(profile("{at: 500ms, signal: STOP}, {at: 1s, signal: CONT}"));
        assertThat(summary.outcomes().errors()).isZero();
        assertThat(summary.latencies().of(Metric.SERVICE).maxMicros()).isGreaterThan(300_000);
    }

    @Test
    void anActionOnTheServerNeedsAServerOfTheRuns() {
        assertThatThrownBy(() -> Profiles.of("""
                        load: {open: {rate: 100/s}}
                        mix: [{name: get}]
                        actions: [{at: 1s, signal: HUP}]
                        """))
                .isInstanceOf(ProfileError.class)
                .hasMessageContaining(
                        "\"signal SIGHUP\", which needs a server that the run starts: set server.command");
    }
}
