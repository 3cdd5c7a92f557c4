package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.result.ActionReport.Lost;
import io.tcplab.loadgen.result.ActionReport.Mark;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionReportTest {

    private static final Cause REFUSED =
            new Cause(Incident.CALL_FAILED, "connect", Errno.ECONNREFUSED, Phase.CONNECTING, 0);

    private static Cause cause(Incident incident) {
        return new Cause(incident, "", Errno.OK, Phase.RECEIVING, 0);
    }

    private static LedgerReading counts(long started, long completed, long retransmitted) {
        long[] outcomes = new long[ConnectionOutcome.values().length];
        outcomes[ConnectionOutcome.COMPLETED.ordinal()] = completed;
        return new LedgerReading(started, 0, 0, 0, 0, 0, 0, 0, retransmitted, 0, 0, 0, 0, outcomes);
    }

    private static ActionReport report(Mark from, Mark until) {
        return ActionReport.of(1.0, "run x", 0, null, from, until, null);
    }

    @Test
    void eachCauseIsCountedOnceByWhatTheActionCost() {
        Mark from = new Mark(counts(100, 90, 1), Map.of(REFUSED, 5L));
        Mark until = new Mark(
                counts(400, 380, 4),
                Map.of(
                        REFUSED,
                        7L,
                        cause(Incident.RESET_BEFORE_RESPONSE),
                        3L,
                        cause(Incident.LOST_TO_IDLE_CLOSE),
                        1L,
                        cause(Incident.CLOSED_IN_RESPONSE),
                        2L,
                        cause(Incident.NEVER_ESTABLISHED),
                        1L,
                        cause(Incident.CLOSED_WHILE_IDLE),
                        12L,
                        cause(Incident.STATUS),
                        9L));
        ActionReport report = report(from, until);
        assertThat(report.lost()).isEqualTo(new Lost(2, 4, 1, 2, 3, 0, 0));
        assertThat(report.idleClosed()).isEqualTo(12);
        assertThat(report.connections()).isEqualTo(310);
        assertThat(report.sentence())
                .isEqualTo("9 of 310 connections lost (2 refused, 4 reset or closed unanswered, 2 cut in the response,"
                        + " 1 never established); 12 idle connections closed; 3 delayed by a repeated SYN");
    }

    /** A connection that waits for nothing any more is as lost as one that is reset, whatever layer it waited in. */
    @Test
    void everyWayToGetNoAnswerIsALoss() {
        Mark until = new Mark(
                counts(100, 0, 0),
                Map.of(
                        cause(Incident.NOT_ANSWERED),
                        3L,
                        cause(Incident.ANSWERED_IN_PART),
                        1L,
                        cause(Incident.TLS_NOT_ESTABLISHED),
                        2L,
                        cause(Incident.RESET_IN_TLS_HANDSHAKE),
                        5L,
                        cause(Incident.TLS_ALERT),
                        7L,
                        cause(Incident.CONNECTED_TO_ITSELF),
                        11L,
                        new Cause(Incident.CALL_FAILED, "connect", Errno.EHOSTUNREACH, Phase.CONNECTING, 0),
                        13L,
                        new Cause(Incident.CALL_FAILED, "recv", Errno.ETIMEDOUT, Phase.RECEIVING, 0),
                        17L,
                        cause(Incident.NO_CLOSE_NOTIFY),
                        19L));
        ActionReport report = report(new Mark(counts(0, 0, 0), Map.of()), until);
        assertThat(report.lost()).isEqualTo(new Lost(11, 5, 13, 0, 0, 23, 7));
        assertThat(report.lost().all()).isEqualTo(59);
        assertThat(report.sentence())
                .isEqualTo("59 of 100 connections lost (11 refused, 5 reset or closed unanswered, 13 never established,"
                        + " 23 not answered in time, 7 failed in TLS)");
        assertThat(report.costNothing()).isFalse();
    }

    @Test
    void whatTheGeneratorItselfLacksIsNotPutToTheActionsAccount() {
        Cause noPort = new Cause(Incident.CALL_FAILED, "connect", Errno.EADDRNOTAVAIL, Phase.CONNECTING, 0);
        ActionReport report =
                report(new Mark(counts(0, 0, 0), Map.of()), new Mark(counts(10, 8, 0), Map.of(noPort, 2L)));
        assertThat(report.lost().all()).isZero();
        assertThat(report.costNothing()).isTrue();
    }

    /** A proxy whose backend is gone answers each request, with a 503. */
    @Test
    void wrongAnswersAreToldBesideTheLosses() {
        LedgerReading wrong =
                new LedgerReading(40, 0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, new long[ConnectionOutcome.values().length]);
        ActionReport report = report(new Mark(counts(0, 0, 0), Map.of()), new Mark(wrong, Map.of()));
        assertThat(report.unexpected()).isEqualTo(12);
        assertThat(report.sentence()).isEqualTo("0 of 40 connections lost; 12 responses were not as expected");
        assertThat(report.costNothing()).isFalse();
    }

    @Test
    void anActionThatWasNotDoneCostNothingOnlyInAppearance() {
        Mark nothing = new Mark(counts(10, 10, 0), Map.of());
        assertThat(ActionReport.of(1.0, "run x", 1, null, nothing, nothing, null)
                        .costNothing())
                .isFalse();
        assertThat(ActionReport.of(1.0, "run x", 0, null, nothing, nothing, null)
                        .costNothing())
                .isTrue();
    }

    @Test
    void aReloadThatOnlyClosesIdleConnectionsLosesNothing() {
        Mark from = new Mark(counts(10, 0, 0), Map.of());
        Mark until = new Mark(counts(41_200, 41_190, 0), Map.of(cause(Incident.CLOSED_WHILE_IDLE), 12L));
        assertThat(report(from, until).sentence())
                .isEqualTo("0 of 41,200 connections lost; 12 idle connections closed, none in use");
    }
}
