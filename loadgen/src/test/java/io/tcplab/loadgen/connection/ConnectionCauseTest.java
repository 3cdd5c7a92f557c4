package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the peer does, in each phase of a connection, and the cause that is named for it. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionCauseTest extends OneConnection {

    /** A server that takes the client's FIN for the end drops what it has not answered yet. */
    @ParameterizedTest
    @CsvSource({"CLOSES, CLOSED_EARLY, closedAfterHalfClose", "RESETS, RESET, resetAfterHalfClose"})
    void aResponseThatIsDroppedAfterOurHalfCloseIsSaidToBeThat(Peer peer, ConnectionOutcome outcome, String cause) {
        shared = shared("echo", "exchanges: 1, close: {by: client, how: half-close}");
        start();
        ends(peer);
        expectOutcome(outcome);
        expectCause(cause);
    }

    @Test
    void aResetThatTheServerIsAskedForIsACompletion() {
        shared = shared("tcplab", "exchanges: 1, response: 0, close: {by: server, how: rst}");
        start();
        wires.last().peerResets();
        wires.last().ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    static Stream<Arguments> whatThePeerDoesInEachPhase() {
        return Stream.of(
                arguments("connecting", Peer.RESETS, ConnectionOutcome.RESET, "resetOnAccept"),
                arguments("sending", Peer.RESETS, ConnectionOutcome.RESET, "resetWhileSending"),
                arguments("sending", Peer.IS_SILENT, ConnectionOutcome.EXCHANGE_TIMED_OUT, "notAcknowledged"),
                arguments("receiving", Peer.CLOSES, ConnectionOutcome.CLOSED_EARLY, "closedWithoutResponse"),
                arguments("receiving", Peer.RESETS, ConnectionOutcome.RESET, "resetBeforeResponse"),
                arguments("receiving", Peer.SENDS_GARBAGE, ConnectionOutcome.CORRUPTED, "notWhatWasAsked"),
                arguments("receiving", Peer.IS_SILENT, ConnectionOutcome.EXCHANGE_TIMED_OUT, "notAnswered"),
                arguments("thinking", Peer.CLOSES, ConnectionOutcome.CLOSED_EARLY, "closedWhileIdle"),
                arguments("thinking", Peer.RESETS, ConnectionOutcome.RESET, "resetWhileIdle"),
                arguments("thinking", Peer.SENDS_GARBAGE, ConnectionOutcome.CORRUPTED, "notWhatWasAsked"),
                arguments("holding", Peer.CLOSES, ConnectionOutcome.CLOSED_EARLY, "closedWhileIdle"),
                arguments("holding", Peer.RESETS, ConnectionOutcome.RESET, "resetWhileIdle"),
                arguments("closing", Peer.CLOSES, ConnectionOutcome.COMPLETED, ""),
                arguments("closing", Peer.RESETS, ConnectionOutcome.RESET, "resetAfterResponse"),
                arguments("closing", Peer.IS_SILENT, ConnectionOutcome.CLOSE_TIMED_OUT, "finNotAcknowledged"));
    }

    @ParameterizedTest
    @MethodSource("whatThePeerDoesInEachPhase")
    void whateverThePeerDoesThereIsOneOutcomeWithItsCause(
            String phase, Peer peer, ConnectionOutcome outcome, String cause) {
        Connection connection = in(phase);
        assertThat(connection.phase.key()).isEqualTo(phase);
        idle(connection);
        wires.vitals.windowBytes = 1000;
        FakeWire wire = wires.last();
        switch (peer) {
            case CLOSES -> wire.peerCloses();
            case RESETS -> wire.peerResets();
            case SENDS_GARBAGE -> wire.peerSends(new byte[64]);
            case IS_SILENT -> pass(10 * MINUTE);
        }
        wire.ready();
        expectOutcome(outcome);
        if (cause.isEmpty()) {
            assertThat(causes.read()).isEmpty();
        } else {
            expectCause(cause);
            assertThat(cause().cause().phase().key()).isEqualTo(phase);
            assertThat(cause().count()).isOne();
        }
    }

    @Test
    void aTimeOutSaysWhatTheKernelKnows() {
        in("receiving");
        wires.vitals.windowBytes = 0;
        pass(MINUTE);
        expectCause("zeroWindow");
    }

    /**
     * Probed once at the most since a round trip: what held the request back for 1.9 s was not this closed window alone. Three probes of
     * 0.2, 0.4 and 0.8 s: it may have been closed for all of that time.
     */
    @ParameterizedTest
    @CsvSource({"1, readSlowly", "3, zeroWindow"})
    void aClosedWindowIsThatOfAPeerThatReadsWhereItHasOpenedMeanwhile(int probes, String cause) {
        in("receiving");
        wires.vitals.windowBytes = 0;
        wires.vitals.windowLimitedMicros = 1_900_000;
        wires.vitals.retransmissionMicros = 204_000;
        wires.vitals.backoff = probes;
        pass(MINUTE);
        expectCause(cause);
    }

    /** tcpi_rwnd_limited: a server that reads a little now and then has its window open for moments only. */
    @Test
    void aRequestThatTheWindowHeldBackForMostOfTheTimeIsReadTooSlowly() {
        in("receiving");
        wires.vitals.windowBytes = 1000;
        wires.vitals.unacknowledgedBytes = 900_000;
        wires.vitals.busyMicros = 2_000_000;
        wires.vitals.windowLimitedMicros = 1_900_000;
        pass(MINUTE);
        expectCause("readSlowly");
    }

    @Test
    void aRequestThatTheKernelStillHoldsWasNotAcknowledged() {
        in("receiving");
        wires.vitals.windowBytes = 1000;
        wires.vitals.unacknowledgedBytes = 64;
        pass(MINUTE);
        expectCause("notAcknowledged");
    }

    @Test
    void aFinThatWasAcknowledgedAndNotAnsweredIsSaidSo() {
        in("closing");
        wires.vitals.state = 5; // FIN_WAIT2
        pass(MINUTE);
        expectCause("finNotAnswered");
    }

    @Test
    void theFinOfAServerThatWasToCloseIsMissedAsThat() {
        shared = shared("tcplab", "exchanges: 1, response: 0, close: {by: server, how: fin}");
        start();
        pass(MINUTE);
        expectCause("serverDidNotClose");
        expectOutcome(ConnectionOutcome.CLOSE_TIMED_OUT);
    }

    @Test
    void aRequestThatTheCloseCrossesIsLostToItWithTheIdleAge() {
        shared = shared("echo", "exchanges: 2, think: 20ms");
        start();
        FakeWire wire = wires.last();
        echo(wire);
        while (wire.sent.length == 0) {
            Thread.onSpinWait();
            pass(0);
        }
        wires.vitals.unacknowledgedBytes = wire.sent.length;
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("lostToIdleClose");
        assertThat(cause().idleMillis().min()).isBetween(19.9, 20_000.0);
        assertThat(cause().exchanges().min()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "thinking, CLOSES, closedAfterResponse",
        "thinking, RESETS, resetAfterResponse",
        "holding, CLOSES, closedAfterResponse"
    })
    void whatComesRightBehindAResponseIsNoIdleTimeout(String phase, Peer peer, String cause) {
        Connection connection = in(phase);
        atOnce(connection);
        ends(peer);
        expectCause(cause);
        assertThat(cause().exchanges().min()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"CLOSES, closedOnAccept", "RESETS, resetOnAccept"})
    void aConnectionThatIsTurnedAwayIsNotCalledIdle(Peer peer, String cause) {
        shared = shared("none", "exchanges: 0", "hold: {connections: 1, ramp: 1s}");
        atOnce(start());
        ends(peer);
        expectCause(cause);
    }

    @Test
    void whatAServerSaysThatTurnsAConnectionAwayIsQuoted() {
        shared = shared("none", "exchanges: 0", "hold: {connections: 1, ramp: 1s}");
        atOnce(start());
        wires.last().peerSends("-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII));
        ends(Peer.CLOSES);
        expectCause("closedOnAccept: after \"-ERR max number of clients reached\\r\\n\"");
    }

    @Test
    void aRequestBehindAResponseThatCrossesAnUnannouncedCloseIsSaidToBeLostToIt() {
        shared = shared("echo", "exchanges: 2");
        start();
        FakeWire wire = wires.last();
        echo(wire);
        pass(0);
        wires.vitals.unacknowledgedBytes = wire.sent.length;
        assertThat(wires.vitals.unacknowledgedBytes).isPositive();
        ends(Peer.CLOSES);
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("lostToClose");
    }

    @Test
    void aFirstRequestOfWhichNothingWasTakenMetACloseAtTheAccept() {
        in("receiving");
        wires.vitals.unacknowledgedBytes = 64;
        ends(Peer.CLOSES);
        expectCause("closedOnAccept");
    }
}
