package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an RST means: by when it comes, and by what the peer has acknowledged. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionResetTest extends OneConnection {

    /** Readiness says of both that the peer is gone (EPOLLRDHUP). */
    @ParameterizedTest
    @CsvSource({
        "exchanges: 2, closed: {concurrency: 1}",
        "'exchanges: 2, think: 50ms', closed: {concurrency: 1}",
        "exchanges: 1, 'hold: {connections: 1, ramp: 1s}'",
        "exchanges: 1, 'requests: {rate: 1/s, connections: 1}'"
    })
    void anRstBehindAResponseIsNotTakenForAFin(String member, String load) {
        shared = shared("echo", member, load);
        Connection connection = start();
        if (shared.requests != null) {
            shared.requests.begin(System.nanoTime(), Long.MAX_VALUE);
            shared.requests.run(System.nanoTime());
        }
        FakeWire wire = wires.last();
        wire.peerSends(wire.sent);
        wire.peerResetsThen();
        connection.ready(true);
        expectOutcome(ConnectionOutcome.RESET);
        expectCause("resetAfterResponse");
    }

    /** Both after a pause: the RST of a closed socket comes with the next round trip, and acknowledges nothing. */
    @ParameterizedTest
    @CsvSource({
        "200, 64, lostToIdleClose", // the request was not acknowledged, as on a long path
        "200, 0, resetBeforeResponse",
        "1, 0, lostToIdleClose" // it was, by the kernel, while the server was closing
    })
    void aServerThatResetsWhatItWorksOnIsNoIdleTimeout(long afterMillis, long unacknowledged, String cause) {
        shared = shared("echo", "exchanges: 2, think: 20ms");
        Connection connection = start();
        FakeWire wire = wires.last();
        echo(wire);
        while (wire.sent.length == 0) {
            Thread.onSpinWait();
            pass(0);
        }
        wires.vitals.unacknowledgedBytes = unacknowledged;
        connection.turnNanos = System.nanoTime() - afterMillis * 1_000_000;
        wires.vitals.minRttMicros = afterMillis == 1 ? MINUTE / 1_000 : 50;
        wire.peerResets();
        wire.ready();
        expectOutcome(ConnectionOutcome.RESET);
        expectCause(cause);
    }

    /** A pause that is too short for an idle timeout, the loop's own delay, says nothing of what the server did with the request. */
    @ParameterizedTest
    @CsvSource({"0", "1000", "9000"})
    void anRstInAnswerToARequestIsTheSameHoweverBusyTheLoopWasBeforeIt(int idleMicros) {
        shared = shared("echo", "exchanges: 2");
        Connection connection = start();
        FakeWire wire = wires.last();
        echo(wire);
        assertThat(wire.sent).isNotEmpty();
        connection.idleMicros = idleMicros;
        wires.vitals.unacknowledgedBytes = wire.sent.length;
        wire.peerResets();
        wire.ready();
        expectOutcome(ConnectionOutcome.RESET);
        expectCause("resetBeforeResponse");
    }

    /** Of a request in many pieces the first ones are on their way when the RST comes. */
    @ParameterizedTest
    @CsvSource({"20ms, 200000, lostToIdleClose", "20ms, 10, resetWhileSending", "0s, 200000, resetWhileSending"})
    void aLongRequestThatTheCloseCrossesIsLostToItToo(String think, long unacknowledged, String cause) {
        shared = shared("{http: {method: PUT, body: {bytes: 200kB}}}", "exchanges: 2, think: " + think);
        start();
        FakeWire wire = wires.last();
        wire.sent = new byte[0];
        wires.window = 70_000;
        answers(wire, OK);
        while (wire.sent.length == 0) {
            Thread.onSpinWait();
            pass(0);
        }
        wires.vitals.unacknowledgedBytes = unacknowledged;
        wire.peerResets();
        wire.ready();
        expectOutcome(ConnectionOutcome.RESET);
        expectCause(cause);
    }

    /** It answers no request of which its kernel has acknowledged nothing (RFC 9110 §15.5.9). */
    @ParameterizedTest
    @CsvSource({"true, CLOSED_EARLY, lostToIdleClose, 1", "false, COMPLETED, status 408, 2"})
    void whatAServerSaysOfAnIdleConnectionIsNoAnswerToTheRequestThatItCrosses(
            boolean crosses, ConnectionOutcome outcome, String cause, long answered) {
        shared = shared("http", "exchanges: 2, think: 20ms");
        start();
        FakeWire wire = wires.last();
        wire.sent = new byte[0];
        answers(wire, OK);
        while (wire.sent.length == 0) {
            Thread.onSpinWait();
            pass(0);
        }
        wires.vitals.unacknowledgedBytes = crosses ? wire.sent.length : 0;
        answers(wire, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        ends(Peer.CLOSES);
        expectOutcome(outcome);
        expectCause(cause);
        assertThat(counts().exchanges()).isEqualTo(answered);
        assertThat(counts().lost()).isEqualTo(2 - answered);
    }

    @ParameterizedTest
    @CsvSource({"200 OK, CORRUPTED, notWhatWasAsked", "408 Late, CLOSED_EARLY, status 408 while idle"})
    void aResponseThatNobodyAskedForIsNoIdleClose(String status, ConnectionOutcome outcome, String cause) {
        shared = shared("http", "exchanges: 2, think: 1s");
        start();
        FakeWire wire = wires.last();
        answers(wire, OK);
        answers(wire, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
        expectOutcome(outcome);
        expectCause(cause);
    }

    @ParameterizedTest
    @CsvSource({"0, resetOnAccept", "1000, resetWhileIdle"})
    void aServerThatWasToCloseFirstAndResetsWhatItWasNotAskedOnIsSaidToHave(long afterMillis, String cause) {
        shared = shared("none", "exchanges: 0, close: {by: server}");
        Connection connection = start();
        atOnce(connection);
        connection.markNanos -= afterMillis == 0 ? 0 : MINUTE + afterMillis * 1_000_000;
        ends(Peer.RESETS);
        expectOutcome(ConnectionOutcome.RESET);
        expectCause(cause);
        assertThat(cause().idleMillis() != null).isEqualTo(afterMillis > 0);
    }
}
