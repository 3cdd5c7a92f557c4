package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server of somebody else's did is distinguished by what was seen of it, and where nothing was seen nothing is said. */
@Timeout(30)
class FieldWarningsTest extends WarningsOfARun {

    @Test
    void aRunOfWhichAllCompletedHasNoWarning() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, null, 0L);

        assertThat(found()).isEmpty();
    }

    @Test
    void aResetAfterACompleteResponseIsNotOneThatCostsARequest() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        cause(Incident.RESET_AFTER_RESPONSE, Phase.AWAITING_FIN, 40, null);

        assertThat(one("connectionsReset").advice()).contains("harmless here");

        cause(Incident.RESET_BEFORE_RESPONSE, Phase.RECEIVING, 3, null);

        assertThat(one("connectionsReset").message())
                .contains("3 before any response", "40 after the last response was complete");
        assertThat(one("connectionsReset").advice()).startsWith("requests are lost");
    }

    @Test
    void anOfferedRateIsNotReachedEitherWhereConnectionsFail() {
        outcome(ConnectionOutcome.COMPLETED, 60);
        outcome(ConnectionOutcome.REFUSED, 40);

        assertThat(one("offeredRateNotReached").advice()).contains("those that failed are missing");
    }

    /** As a connect timeout of 5 s ends after a run of 4 s. */
    @Test
    void anOfferedRateIsNotReachedEitherWhereConnectionsFailAfterTheRecordedPart() {
        outcome(ConnectionOutcome.COMPLETED, 80);
        withinTime = new LedgerReading(100, 80, 80, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, outcomes.clone());
        outcome(ConnectionOutcome.TIMED_OUT, 20);

        assertThat(one("offeredRateNotReached").advice()).contains("those that failed are missing");
    }

    @Test
    void aStallOfASecondIsToldWithItsTimes() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        stall = new KernelFigures.Stretch(2.3, 5.3);

        assertThat(one("nothingAccepted").message())
                .isEqualTo("nothing was accepted from 2.3 s to 5.3 s, while connections waited in the accept queue");

        stall = new KernelFigures.Stretch(2.3, 5.3, "127.0.0.1:80 (python3, pid 12)");

        assertThat(one("nothingAccepted").message())
                .isEqualTo(
                        "nothing was accepted at 127.0.0.1:80 (python3, pid 12) from 2.3 s to 5.3 s, while connections waited in"
                                + " its accept queue, and in no other listener's");

        stall = new KernelFigures.Stretch(-3, -0.3);

        assertThat(codes()).as("in the warm-up").isEmpty();
    }

    private void refused(long count, long firstNanos, long lastNanos) {
        outcome(ConnectionOutcome.REFUSED, count);
        Cause cause = new Cause(Incident.CALL_FAILED, "connect", Errno.ECONNREFUSED, Phase.CONNECTING, 0);
        causes.add(new CauseTally.Counted(cause, count, firstNanos, lastNanos, null, null, null, null, null, null));
    }

    /** Its queue was empty: what it cost are the connections that came before another one listened. */
    @Test
    void aServerThatRestartsIsToldWithTheConnectionsThatItRefused() {
        profileText = "target: 127.0.0.1:80\n" + profileText;
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, 2.04, 0L);

        assertThat(codes()).as("nothing was refused").isEmpty();

        refused(31, 2_051_000_000L, 3_120_000_000L);

        assertThat(one("listenerWentAway").message())
                .isEqualTo(
                        "127.0.0.1:80 stopped listening at 2.04 s; 31 connects were refused, from 2.051 s to 3.12 s");
        assertThat(one("listenerWentAway").advice()).contains("restarted or died");
    }

    /** They were refused long before: that it stopped later is not why. */
    @Test
    void refusalsOfBeforeAreNotLaidToAListenerThatWentLater() {
        profileText = "target: 127.0.0.1:80\n" + profileText;
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, 2.04, 0L);
        refused(31, 100_000_000L, 300_000_000L);

        assertThat(codes()).doesNotContain("listenerWentAway");
    }

    /** A run that stops its own server says what that cost in the action's verdict. */
    @Test
    void aStopThatIsPlannedIsNoSurprise() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, 2.04, 0L);
        refused(31, 2_051_000_000L, 3_120_000_000L);

        assertThat(codes()).doesNotContain("listenerWentAway");
    }

    private void portsRanOut() {
        profileText =
                "target: 192.168.0.1:80\nload: {open: {rate: 100/s}}\nmix: [{name: only, close: {by: client, how: fin}}]\n";
        outcome(ConnectionOutcome.COMPLETED, 300);
        outcome(ConnectionOutcome.NO_LOCAL_PORT, 20);
        clientLimits = Map.of("ephemeralPorts", "200");
    }

    @Test
    void portsThatReuseGivesAwayLastForItsDelayAndNotFor60Seconds() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "500");

        assertThat(one("localPortsExhausted").message())
                .endsWith(
                        "200 ports × 1 source ÷ 0.5 s until net.ipv4.tcp_tw_reuse gives a port away sustain 400 connections/s");
        assertThat(one("localPortsExhausted").advice()).doesNotContain("tcp_tw_reuse=1");
    }

    /** At 320 connections/s and 0.1 s each it had 32 ports in TIME_WAIT at a time: the others were somebody else's. */
    @Test
    void portsThatComeBackSoonAndAreMissingAllTheSameAreOthers() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "100");

        assertThat(one("localPortsExhausted").message())
                .endsWith(
                        "of 200 ports × 1 source this run took no more than 32; earlier connections to the target, or other"
                                + " programs', had the rest");
    }

    /** Another program held 150 of them before the run, and still does. */
    @Test
    void connectionsThatAnotherProgramHeldBeforeAreNotOurOwn() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "100");
        openBefore = 150;

        assertThat(one("localPortsExhausted").message()).contains("no more than 32; earlier connections");
    }

    /** tcp_tw_reuse=2, the kernel's default, is for loopback addresses alone. */
    @Test
    void reuseForLoopbackGivesNoPortToAnotherTarget() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "2");

        assertThat(one("localPortsExhausted").message()).contains("÷ 60 s of TIME_WAIT sustain 3.33 connections/s");
        assertThat(one("localPortsExhausted").advice()).contains("set net.ipv4.tcp_tw_reuse=1");
    }

    /** The age of a TIME_WAIT is known by the timestamps of its connection, which both sides agree on. */
    @Test
    void reuseIsNothingWhereTheServerHasTurnedTimestampsOff() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1");
        serverSysctls = Map.of("net.ipv4.tcp_timestamps", "0");

        assertThat(one("localPortsExhausted").message()).contains("÷ 60 s of TIME_WAIT");
        assertThat(one("localPortsExhausted").advice())
                .contains("set net.ipv4.tcp_timestamps=1 on both sides, which tcp_tw_reuse needs")
                .doesNotContain("tcp_tw_reuse=1");
    }

    /** 200 RSTs of the server are its SO_LINGER 0; the 100 closes with unread data may be the client's own. */
    @Test
    void resetsByLingerAreNotTakenForClosesWithUnreadData() {
        outcome(ConnectionOutcome.COMPLETED, 200);
        cause(Incident.RESET_AFTER_RESPONSE, Phase.AWAITING_FIN, 200, null);
        shared = true;
        serverCounters = Map.of(
                KernelCounter.ABORTS_ON_CLOSE.kernelName(), 100L, KernelCounter.ABORTS_ON_DATA.kernelName(), 200L);
        clientCounters = serverCounters;

        assertThat(one("resetsByUnreadData").message()).startsWith("one of the two sides");

        serverCounters = Map.of(KernelCounter.ABORTS_ON_CLOSE.kernelName(), 100L);
        clientCounters = serverCounters;

        assertThat(one("resetsByUnreadData").message()).startsWith("the server reset 100 connections");
    }

    @Test
    void aListenerThatWentAwayIsToldWithWhatItLeft() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(110, 2.04, 0L);

        assertThat(one("listenerWentAway").message())
                .startsWith("127.0.0.1:80 stopped listening at 2.04 s with 110 connections in its queue");
    }
}
