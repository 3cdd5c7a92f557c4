package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tcplab.companion.protocol.Pattern;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that speaks HTTP: statuses, bodies both ways, and responses that a reset meets. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionHttpTest extends OneConnection {

    @Test
    void anUnexpectedStatusIsAnErrorOfItsExchangeAndTheConnectionGoesOn() {
        shared = shared("http", "exchanges: 3");
        start();
        FakeWire wire = wires.last();
        answers(wire, OK);
        answers(wire, "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n");
        answers(wire, OK);
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        expectCause("status 503");
        assertThat(statuses()).containsExactly(entry(200, 2L), entry(503, 1L));
        assertThat(counts().exchanges()).isEqualTo(3);
        assertThat(counts().unexpected()).isOne();
        assertThat(counts().lost()).isZero();
    }

    @Test
    void theProfileSaysWhatIsExpected() {
        shared = shared("{http: {expect: {status: [404, 5xx], body: \"^n+o$\"}}}", "exchanges: 4");
        start();
        FakeWire wire = wires.last();
        answers(wire, "HTTP/1.1 404 x\r\nContent-Length: 2\r\n\r\nno");
        answers(wire, "HTTP/1.1 503 x\r\nContent-Length: 3\r\n\r\nn");
        answers(wire, "no");
        assertThat(counts().unexpected()).isZero();
        answers(wire, "HTTP/1.1 503 x\r\nContent-Length: 2\r\n\r\non");
        expectCause("bodyNotAsExpected");
        answers(wire, OK);
        assertThat(causes.read()).hasSize(2);
        assertThat(counts().unexpected()).isEqualTo(2);
    }

    @Test
    void behindSwitchedProtocolsTheConnectionCannotGoOn() {
        shared = shared("http", "exchanges: 3");
        start();
        answers(
                wires.last(),
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n\u0001\u0002");
        expectOutcome(ConnectionOutcome.CORRUPTED);
        expectCause("status 101");
        assertThat(statuses()).containsExactly(entry(101, 1L));
        assertThat(counts().lost()).isOne();
    }

    @Test
    void aBodyIsSentWithItsLengthInThePiecesThatThereIsRoomFor() {
        shared = shared("{http: {method: PUT, body: {bytes: 200kB}}}", "exchanges: 1");
        wires.window = 70_000;
        start();
        FakeWire wire = wires.last();
        assertThat(wire.sent).hasSize(70_000);
        wires.window = 1_000_000;
        wire.ready();
        assertThat(sent(wire)).startsWith("PUT / HTTP/1.1\r\n").contains("Content-Length: 200000\r\n");
        int head = sent(wire).indexOf("\r\n\r\n") + 4;
        assertThat(wire.sent).hasSize(head + 200_000);
        byte[] pattern = new byte[200_000];
        Pattern.copy(0, 0, pattern, 0, pattern.length);
        assertThat(Arrays.copyOfRange(wire.sent, head, wire.sent.length)).isEqualTo(pattern);
        answers(wire, OK);
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void aResponseWhileTheBodyIsBeingSentEndsItWhereItAnnouncesTheClose() {
        shared = shared("{http: {method: PUT, body: {bytes: 200kB}}}", "exchanges: 2");
        wires.window = 70_000;
        start();
        FakeWire wire = wires.last();
        wires.window = 1_000_000;
        answers(wire, "HTTP/1.1 413 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(wire.sent).as("no more of it").hasSize(70_000);
        wire.peerResets();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(statuses()).containsExactly(entry(413, 1L));
        assertThat(causes.read()).extracting(each -> each.cause().text()).containsExactly("status 413", "announced");
        assertThat(counts().notBegun()).isOne();
    }

    @Test
    void anEarlyResponseThatKeepsTheConnectionIsFollowedByTheRestOfTheBody() {
        shared = shared("{http: {method: PUT, body: {bytes: 200kB}}}", "exchanges: 2");
        wires.window = 70_000;
        start();
        FakeWire wire = wires.last();
        answers(wire, OK);
        assertThat(counts().exchanges()).isOne();
        wires.window = 10_000_000;
        wire.ready();
        assertThat(sent(wire).split("PUT / ", -1))
                .as("the next request follows")
                .hasSize(3);
        answers(wire, OK);
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(counts().exchanges()).isEqualTo(2);
    }

    @Test
    void aResponseThatAResetDestroysIsSaidToBeLost() {
        shared = shared("{http: {method: PUT, body: {bytes: 200kB}}}", "exchanges: 2");
        wires.window = 70_000;
        start();
        wires.last().peerResets();
        wires.last().ready();
        expectOutcome(ConnectionOutcome.RESET);
        expectCause("resetWhileSending");
        assertThat(counts().lost()).isOne();
    }

    @Test
    void aResponseThatCameBeforeTheResetIsStillRead() {
        shared = shared("{http: {method: PUT, body: {bytes: 5MB}}}", "exchanges: 1");
        wires.window = 70_000;
        start();
        FakeWire wire = wires.last();
        wire.sendsFailFrom(Errno.EPIPE);
        answers(wire, "HTTP/1.1 413 x\r\nContent-Length: 0\r\n\r\n");
        expectOutcome(ConnectionOutcome.RESET);
        assertThat(statuses()).containsExactly(entry(413, 1L));
        assertThat(causes.read())
                .extracting(each -> each.cause().text())
                .containsExactly("status 413", "resetAfterResponse");
        assertThat(counts().lost()).isZero();
    }

    @Test
    void whatAServerSaidThatTurnsAConnectionAwayIsReadWhereTheRequestCannotBeSent() {
        shared = shared("http", "exchanges: 1");
        wires.establishedAtOnce = false;
        start();
        FakeWire wire = wires.last();
        wire.sendsFailFrom(Errno.ECONNRESET);
        answers(wire, UNAVAILABLE);
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(statuses()).containsExactly(entry(503, 1L));
        assertThat(counts().unexpected()).isOne();
        assertThat(counts().lost()).isZero();
    }

    /** The RST is there when the handshake is found to be over. */
    @ParameterizedTest
    @ValueSource(strings = {"503 No", "200 OK"})
    void whatAServerSaidBehindTheHandshakeIsReadWhereItHasResetSince(String status) {
        shared = shared("http", "exchanges: 1");
        wires.establishedAtOnce = false;
        start();
        FakeWire wire = wires.last();
        wire.connectError = Wire.RESET;
        wire.peerSends(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        wire.peerCloses();
        wire.ready();
        assertThat(wire.sent).isEmpty();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(statuses()).containsExactly(entry(Integer.parseInt(status.substring(0, 3)), 1L));
        assertThat(counts().established()).isOne();
        assertThat(counts().exchanges()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "go away", "HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\npart"})
    void aResetBehindTheHandshakeWithoutAWholeResponseIsOneAtTheAccept(String said) {
        shared = shared("http", "exchanges: 1");
        wires.establishedAtOnce = false;
        start();
        FakeWire wire = wires.last();
        wire.connectError = Wire.RESET;
        if (!said.isEmpty()) {
            wire.peerSends(said.getBytes(StandardCharsets.ISO_8859_1));
        }
        wire.ready();
        expectOutcome(ConnectionOutcome.RESET);
        expectCause("resetOnAccept");
        assertThat(counts().exchanges()).isZero();
        assertThat(counts().lost()).isZero();
    }

    @Test
    void aBodyWaitsForTheServersWord() {
        shared = shared("{http: {method: PUT, body: words, headers: {Expect: 100-continue}}}", "exchanges: 2");
        start();
        FakeWire wire = wires.last();
        assertThat(sent(wire)).endsWith("\r\n\r\n");
        answers(wire, "HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(sent(wire)).endsWith("\r\n\r\nwords");
        wire.sent = new byte[0];
        answers(wire, OK);
        assertThat(sent(wire)).as("the second request").endsWith("\r\n\r\n");
        pass(1_100_000_000);
        assertThat(sent(wire)).as("not for ever").endsWith("\r\n\r\nwords");
        answers(wire, OK);
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void aFinalStatusInsteadOfThatWordIsTheAnswer() {
        shared = shared("{http: {method: PUT, body: words, headers: {Expect: 100-continue}}}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        answers(wire, "HTTP/1.1 417 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(sent(wire)).doesNotContain("words");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(statuses()).containsExactly(entry(417, 1L));
    }

    @Test
    void anHttp10ConnectionIsAskedToBeKeptButForItsLastRequest() {
        shared = shared("{http: {version: 1.0}}", "exchanges: 2, close: {by: server, how: fin}");
        start();
        FakeWire wire = wires.last();
        assertThat(sent(wire)).startsWith("GET / HTTP/1.0\r\n").contains("Connection: keep-alive\r\n");
        wire.sent = new byte[0];
        answers(wire, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
        assertThat(sent(wire)).startsWith("GET / HTTP/1.0\r\n").doesNotContain("Connection");
    }

    /** 1,000 a second of which ten are due, with one free connection: this thread is late, and not the server. */
    @Test
    void exchangesByTheClockThatWereDueBeforeTheEndAreMadeUp() {
        shared = shared("http", "exchanges: 1", "requests: {rate: 1000/s, connections: 1}");
        Requests requests = Objects.requireNonNull(shared.requests);
        long end = System.nanoTime();
        requests.begin(end - 10_000_000, end);
        assertThat(requests.owes(end)).as("no connection is there").isFalse();
        Connection connection = start();
        wires.last().ready();
        assertThat(connection.phase.key()).as("the first is on its way").isEqualTo("receiving");
        assertThat(requests.owes(end)).as("the others wait for the server").isFalse();

        requests.begin(end + MINUTE, end + 2 * MINUTE);
        answers(wires.last(), OK);
        assertThat(connection.phase.key()).as("nothing is due").isEqualTo("thinking");
        requests.begin(end - 10_000_000, end);
        assertThat(requests.owes(end - 1)).as("before the end").isFalse();
        assertThat(requests.owes(end)).isTrue();
        requests.run(end);
        for (int i = 1; i < 10; i++) {
            assertThat(requests.owesNothing()).isFalse();
            answers(wires.last(), OK);
        }
        assertThat(requests.owesNothing()).isTrue();
        assertThat(requests.nextNanos()).isEqualTo(Long.MAX_VALUE);
        answers(wires.last(), OK);
        assertThat(connection.phase.key()).as("what is due later is not begun").isEqualTo("thinking");
        assertThat(counts().exchanges()).isEqualTo(11);

        requests.begin(end - 1_000_000_000, end);
        assertThat(requests.owes(end)).as("a second of them is not made up").isFalse();
    }

    @Test
    void anEndlessResponseDoesNotOverflowItsCount() {
        shared = shared("http", "exchanges: 1");
        Connection connection = start();
        answers(wires.last(), "HTTP/1.1 200 OK\r\n\r\nx");
        connection.receivedBytes = Integer.MAX_VALUE - 10;
        answers(wires.last(), "more than ten bytes");
        assertThat(connection.receivedBytes).isEqualTo(Integer.MAX_VALUE);
        pass(MINUTE);
        expectOutcome(ConnectionOutcome.EXCHANGE_TIMED_OUT);
        expectCause("answeredInPart");
    }

    @Test
    void theProfilesOwnHostReplacesTheTargets() {
        shared = shared("{http: {headers: {host: example.org}}}", "exchanges: 1");
        start();
        String request = new String(wires.last().sent, StandardCharsets.US_ASCII);
        assertThat(request).contains("host: example.org\r\n").doesNotContain("127.0.0.1");
    }

    @Test
    void interimResponsesArePassedOver() {
        shared = shared("http", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        answers(wire, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
        answers(wire, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"})
    void whatFollowsAChunkedResponseIsChargedToItsOwnConnection(String surplus) {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        shared = shared("http", "exchanges: 1");
        start();
        answers(wires.last(), chunked + surplus);
        expectOutcome(ConnectionOutcome.CORRUPTED);

        start();
        answers(wires.last(), chunked);
        wires.last().peerCloses();
        wires.last().ready();
        assertThat(counts().outcome(ConnectionOutcome.COMPLETED)).isOne();
    }

    @Test
    void aLongHeadIsTakenInOnePieceAndSplit() {
        String head = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(9000) + "\r\nContent-Length: 2\r\n\r\n";
        shared = shared("http", "exchanges: 2");
        start();
        FakeWire wire = wires.last();
        answers(wire, head + "ok");
        answers(wire, head.substring(0, 5000));
        answers(wire, head.substring(5000) + "ok");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }
}
