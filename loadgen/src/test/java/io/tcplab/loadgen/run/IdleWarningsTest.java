package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.judge.warning.IdleClosed;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Spread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server's idle timeout is distinguished from its limits of requests and of age, and from closes for another reason. */
@Timeout(30)
class IdleWarningsTest extends WarningsOfARun {

    @Test
    void theServersIdleTimeoutIsMeasuredAndTheWindowOfTheRaceBesideIt() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        cause(Incident.CLOSED_WHILE_IDLE, Phase.THINKING, 100, new Spread(1_000, 999.5, 1_003));
        cause(Incident.CLOSED_WHILE_IDLE, Phase.HOLDING, 38, new Spread(1_001, 999, 1_002));
        cause(Incident.LOST_TO_IDLE_CLOSE, Phase.RECEIVING, 12, new Spread(1_000, 998.8, 1_000.3));

        RunWarning found = one("idleClosed");

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 138 idle connections after 1.00 s (p50; 999 ms to 1.00 s); 12 requests met"
                                + " such a close and were lost: they were sent after 999 ms to 1.00 s of idleness, a window 1.50 ms wide");
        assertThat(found.advice()).contains("clearly less than 999 ms");
        assertThat(found.evidence()).containsEntry("closed", 138L).containsEntry("idleMinMillis", 999.0);
    }

    @Test
    void aServerThatClosesAfterSoManyRequestsIsSaidToDoSo() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        Spread ten = new Spread(10, 10, 10);
        after(Incident.CLOSED_AFTER_RESPONSE, 293, ten);
        after(Incident.LOST_TO_CLOSE, 30, ten);
        after(Incident.RESET_BEFORE_RESPONSE, 75, ten);
        after(Incident.RESET_BEFORE_RESPONSE, 4, new Spread(3, 0, 9));

        assertThat(one("closedUnannounced").message())
                .isEqualTo(
                        "the server closed 293 connections after 10 exchanges without announcing it; 105 requests that were on"
                                + " their way were lost");
    }

    private void after(Incident incident, long count, Spread exchanges) {
        Cause cause = new Cause(incident, "", Errno.OK, Phase.RECEIVING, 0);
        causes.add(new CauseTally.Counted(cause, count, 0, SECOND, null, exchanges, null, null, null, null));
    }

    /** On a busy machine a FIN that came with the response is found late, now and then: no timeout of 12 ms. */
    @Test
    void aFewFinsThatWereFoundLateAreNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        after(Incident.CLOSED_AFTER_RESPONSE, 1_855, new Spread(1, 1, 1));
        cause(Incident.CLOSED_WHILE_IDLE, Phase.THINKING, 4, new Spread(12.7, 12.4, 77.3));

        assertThat(codes()).contains("closedUnannounced").doesNotContain("idleClosed");
    }

    /** All within a moment, whatever the idle time: a server that reloads, and no timeout. */
    @Test
    void closesThatComeTogetherAreNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        Cause cause = new Cause(Incident.CLOSED_WHILE_IDLE, "", Errno.OK, Phase.THINKING, 0);
        causes.add(new CauseTally.Counted(
                cause,
                102,
                3 * SECOND,
                3 * SECOND + 40_000_000,
                new Spread(500, 44.8, 1_030),
                null,
                null,
                null,
                null,
                null));
        cause(Incident.LOST_TO_IDLE_CLOSE, Phase.RECEIVING, 3, new Spread(281, 142, 434));

        RunWarning found = one("idleClosed");

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 102 idle connections together, from 3 s to 3.04 s, after 44.8 ms to 1.03 s of"
                                + " idleness: it was reloaded, restarted or shut down; this is no idle timeout; 3 requests met such a"
                                + " close and were lost");
        assertThat(found.advice()).doesNotContain("below the server's");
    }

    /** It ended no exchange: the figures of the sentence are those of responses. */
    @Test
    void aStatusOfAnIdleConnectionIsNoUnexpectedResponse() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        exchanged = 248;
        unexpected = 12;
        causes.add(status(408, Phase.THINKING, 75));
        causes.add(status(503, Phase.RECEIVING, 12));

        assertThat(one("unexpectedResponses").message())
                .isEqualTo("12 of 248 responses (4.84%) were not as expected: status 503 (12); their latencies are"
                        + " recorded like the others'");
    }

    private static CauseTally.Counted status(int number, Phase phase, long count) {
        Cause cause = new Cause(Incident.STATUS, "", Errno.OK, phase, number);
        return new CauseTally.Counted(
                cause, count, 0, SECOND, new Spread(1_000, 998, 1_003), null, null, null, null, null);
    }

    @Test
    void idleTimesThatAreAlikeAreATimeoutThoughTheClosesComeTogether() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        Cause cause = new Cause(Incident.CLOSED_WHILE_IDLE, "", Errno.OK, Phase.THINKING, 0);
        causes.add(new CauseTally.Counted(
                cause, 50, SECOND, SECOND + 4_000_000, new Spread(1_000, 998, 1_003), null, null, null, null, null));

        assertThat(one("idleClosed").message()).contains("after 1.00 s (p50");
    }

    private void closedAtAge(long count, Spread idleMillis, Spread exchanges, Spread ageMillis) {
        Cause cause = new Cause(Incident.CLOSED_WHILE_IDLE, "", Errno.OK, Phase.THINKING, 0);
        causes.add(new CauseTally.Counted(
                cause, count, SECOND, 4 * SECOND, idleMillis, exchanges, null, null, null, ageMillis));
    }

    @Test
    void closesAtOneAgeOfTheConnectionsAreALimitOfThatAndNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        closedAtAge(64, new Spread(30, 12, 49), new Spread(20, 18, 20), new Spread(1_001, 1_000, 1_008));

        RunWarning found = one("idleClosed");

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 64 idle connections 1.00 s to 1.01 s after they were opened, after 12.0 ms to 49.0 ms of"
                                + " idleness: this is a limit of a connection's age, and no idle timeout");
        assertThat(found.advice()).contains("before 1.00 s").doesNotContain("idle timeout");
    }

    /** It was idle for 700 ms before, and that ended nothing. */
    @Test
    void aPauseThatIsShorterThanThoseBeforeIsNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        closedAtAge(20, new Spread(298, 297, 300), new Spread(2, 2, 2), new Spread(1_001, 1_000, 1_008));

        assertThat(one("idleClosed").message()).contains("a limit of a connection's age");
    }

    @Test
    void anIdleTimeoutBehindTheFirstExchangeIsNoLimitOfAge() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        closedAtAge(20, new Spread(1_000, 999, 1_003), new Spread(1, 1, 1), new Spread(1_001, 1_000, 1_004));
        closedAtAge(20, new Spread(1_000, 999, 1_003), new Spread(5, 5, 5), new Spread(1_401, 1_400, 1_404));

        assertThat(one("idleClosed").message()).contains("after 1.00 s (p50").doesNotContain("age");
    }

    /** nginx closes the longest idle when it has no connection left: 24 after 200 ms, while 16 stay open for seconds. */
    @Test
    void heldConnectionsThatOutliveTheOthersShowThatItIsNoIdleTimeout() {
        IdleClosed found = new IdleClosed(24, 201.0, 185.0, 258.0, false, 0.2, 0.5, null, null, 16, 0, null, null);

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 24 idle connections after 201 ms (p50; 185 ms to 258 ms), while 16 others stayed open"
                                + " that were idle for longer: this is no idle timeout");
        assertThat(found.advice()).contains("limit of connections");
    }

    /** A server that resets whatever it reads looks the same, and has no idle timeout. */
    @Test
    void whereNoIdleCloseWasSeenNoneIsStated() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        cause(Incident.LOST_TO_IDLE_CLOSE, Phase.RECEIVING, 3, new Spread(1_000, 999, 1_001));

        assertThat(one("idleClosed").message())
                .startsWith("3 requests, sent after 999 ms to 1.00 s of idleness, met a close of the server")
                .contains("no connection was seen to be closed while it was idle")
                .doesNotContain("window");
        assertThat(one("idleClosed").advice()).startsWith("look for these requests in the server's log");
    }
}
