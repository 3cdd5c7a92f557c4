package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closes that an HTTP server announces, and those that come without: what is still sent, what goes on elsewhere. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AnnouncedCloseTest extends OneConnection {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n"
            })
    void anAnnouncedCloseIsANormalEndAndNoRequestFollowsIt(String response) {
        shared = shared("http", "exchanges: 3");
        start();
        FakeWire wire = wires.last();
        answers(wire, response);
        wire.peerCloses();
        wire.ready();
        assertThat(wire.calls).containsExactly("connect", "send", "recv", "recv", "close");
        expectOutcome(ConnectionOutcome.COMPLETED);
        expectCause("announced");
        assertThat(counts().announced()).isOne();
    }

    @Test
    void whereTheLastResponseAnnouncesTheCloseThePeerClosesFirst() {
        shared = shared("http", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        answers(wire, CREATED_AND_CLOSED);
        assertThat(wire.calls).as("no FIN of ours").doesNotContain("shutdown");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(causes.read()).as("all went as planned").isEmpty();
        assertThat(counts().announced()).isOne();
        assertThat(counts().closedFirst()).isZero();
    }

    @Test
    void whereThePeerAnnouncesItsCloseAndDoesNotMakeItWeClose() {
        shared = shared("http", "exchanges: 3");
        start();
        FakeWire wire = wires.last();
        answers(wire, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        pass(200_000_000);
        wire.peerCloses();
        wire.ready();
        assertThat(wire.calls).containsExactly("connect", "send", "recv", "shutdown", "recv", "close");
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(counts().announced()).isZero();
        assertThat(counts().closedFirst()).isOne();
    }

    @Test
    void aBodyThatOnlyTheCloseEndsAnnouncesIt() {
        shared = shared("http", "exchanges: 3");
        start();
        answers(wires.last(), "HTTP/1.1 200 OK\r\n\r\nok");
        wires.last().peerCloses();
        wires.last().ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        expectCause("announced");
    }

    /** It has not read the request: its close(2) sends RST (RFC 1122 §4.2.2.13). */
    @ParameterizedTest
    @CsvSource({"1, 0", "3, 2"})
    void aResetBehindAnAnnouncedCloseIsThatClose(int exchanges, int left) {
        shared = shared("http", "exchanges: " + exchanges);
        start();
        FakeWire wire = wires.last();
        answers(wire, UNAVAILABLE);
        wire.peerResets();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(statuses()).containsExactly(entry(503, 1L));
        assertThat(causes.read())
                .extracting(each -> each.cause().text())
                .as("a reset is none of them")
                .isSubsetOf("status 503", "announced")
                .contains("status 503");
        assertThat(counts().notBegun()).isEqualTo(left);
        assertThat(counts().cutShort())
                .as("who closed first by FIN is not asserted")
                .isOne();
    }

    @Test
    void aResetInPlaceOfTheFinThatTheServerWasAskedForIsSaid() {
        shared = shared("http", "exchanges: 1, close: {by: server}");
        start();
        FakeWire wire = wires.last();
        answers(wire, CREATED_AND_CLOSED);
        wire.peerResets();
        wire.ready();
        expectOutcome(ConnectionOutcome.RESET);
        expectCause("resetAfterResponse");
    }

    @Test
    void whatAnAnnouncedCloseLeavesGoesOnInAnotherConnection() {
        shared = shared("http", "exchanges: 3, reconnect: true");
        Connection connection = start();
        for (int i = 0; i < 3; i++) {
            assertThat(wires.opened).hasSize(i + 1);
            assertThat(counts().started()).isEqualTo(i + 1);
            FakeWire wire = wires.last();
            answers(wire, CREATED_AND_CLOSED);
            assertThat(released).as("the slot is kept").isZero();
            wire.peerCloses();
            wire.ready();
            pass(MINUTE / 60);
        }
        assertThat(connection.phase.key()).isEqualTo("ended");
        assertThat(released).isOne();
        assertThat(counts().started()).isEqualTo(3);
        assertThat(counts().outcome(ConnectionOutcome.COMPLETED)).isEqualTo(3);
        assertThat(counts().exchanges()).isEqualTo(3);
        assertThat(counts().notBegun()).isZero();
        assertThat(statuses()).containsExactly(entry(201, 3L));
    }

    @Test
    void ofExchangesByTheClockAnAnnouncedCloseLeavesNone() {
        shared = shared("http", "reconnect: true", "requests: {rate: 1000/s, connections: 1}");
        Objects.requireNonNull(shared.requests).begin(System.nanoTime() - MINUTE, Long.MAX_VALUE);
        start();
        wires.last().ready();
        answers(wires.last(), CREATED_AND_CLOSED);
        wires.last().peerCloses();
        wires.last().ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(counts().exchanges()).isOne();
        assertThat(counts().notBegun()).isZero();
    }

    /** The FIN comes with the response: epoll reports both at once. */
    @Test
    void noExchangeByTheClockGoesIntoAConnectionThatIsKnownToBeClosed() {
        shared = shared("http", "exchanges: 1", "requests: {rate: 1000/s, connections: 1}");
        Objects.requireNonNull(shared.requests).begin(System.nanoTime() - MINUTE, Long.MAX_VALUE);
        Connection connection = start();
        FakeWire wire = wires.last();
        wire.sent = new byte[0];
        wire.peerSends(OK.getBytes(StandardCharsets.ISO_8859_1));
        wire.peerCloses();
        connection.ready(true);
        assertThat(wire.sent).isEmpty();
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("closedAfterResponse");
        assertThat(counts().exchanges()).isOne();
    }

    @Test
    void noLastRequestGoesIntoAConnectionThatIsKnownToBeClosed() {
        shared = shared("http", "exchanges: 9, close: {by: server}");
        Connection connection = start();
        FakeWire wire = wires.last();
        wire.sent = new byte[0];
        shared.finishing = true;
        wire.peerSends(OK.getBytes(StandardCharsets.ISO_8859_1));
        wire.peerCloses();
        connection.ready(true);
        assertThat(wire.sent).isEmpty();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(counts().exchanges()).isOne();
    }

    @Test
    void theEndOfTheRunLeavesNoReconnectionBehind() {
        shared = shared("http", "exchanges: 3, reconnect: true, think: 1h");
        start();
        answers(wires.last(), CREATED_AND_CLOSED);
        wires.last().peerCloses();
        wires.last().ready();
        finishRun();
        assertThat(wires.opened).hasSize(1);
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void anIdleConnectionThatTheServerClosesAfterItsOwnTimeEndsAsAnnounced() {
        shared = shared("http", "exchanges: 2, think: 1h");
        start();
        FakeWire wire = wires.last();
        answers(wire, "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\nok");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        expectCause("announced");
        assertThat(counts().notBegun()).isOne();
    }

    @Test
    void oneThatItClosesBeforeItsTimeEndsEarly() {
        shared = shared("http", "exchanges: 2, think: 1h");
        Connection connection = start();
        FakeWire wire = wires.last();
        answers(wire, "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3600\r\nContent-Length: 2\r\n\r\nok");
        idle(connection);
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("closedWhileIdle");
    }

    @Test
    void aServerThatSaysWhyItClosesAnIdleConnectionIsQuoted() {
        shared = shared("http", "exchanges: 2, think: 1h");
        start();
        answers(wires.last(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        answers(wires.last(), "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("status 408 while idle");
    }
}
