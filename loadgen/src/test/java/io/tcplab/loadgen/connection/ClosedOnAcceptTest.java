package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that accepts and closes at once, as at its limit, and whose FIN is told together with the end of the handshake. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ClosedOnAcceptTest extends OneConnection {

    @BeforeEach
    void awaitTheHandshake() {
        wires.establishedAtOnce = false;
    }

    private FakeWire closedWith(String said) {
        start();
        FakeWire wire = wires.last();
        if (!said.isEmpty()) {
            wire.peerSends(said.getBytes(StandardCharsets.US_ASCII));
        }
        wire.peerCloses();
        wire.hangsUp();
        return wire;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo",
                "tcplab",
                "http",
                "{script: [{send: a}, {expect: b}]}",
                "{script: [{send: a}, {loop: [{expect: b}]}]}"
            })
    void noFirstRequestIsSentIntoAConnectionThatIsKnownToBeClosed(String protocol) {
        shared = shared(protocol, "exchanges: 2");
        assertThat(closedWith("").calls).doesNotContain("send");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("closedOnAccept");
        assertThat(counts().established()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "{script: [{send: a}, {loop: [{send: b}, {expect: c}]}]}"})
    void norIsOneThatIsDueByTheClock(String protocol) {
        shared = shared(protocol, "exchanges: 1", "requests: {rate: 1/s, connections: 1}");
        Objects.requireNonNull(shared.requests).begin(System.nanoTime() - MINUTE, Long.MAX_VALUE);
        assertThat(closedWith("").calls).doesNotContain("send");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("closedOnAccept");
    }

    @ParameterizedTest
    @CsvSource({
        "'{pause: 5ms}, {send: a}, {expect: b}', ''",
        "'{expect: hi}, {loop: [{pause: 5ms}, {send: a}, {expect: b}]}', hi"
    })
    void norAfterAPauseThatComesBeforeIt(String steps, String said) {
        shared = shared("{script: [" + steps + "]}", "exchanges: 1");
        FakeWire wire = closedWith(said);
        pass(MINUTE);
        assertThat(wire.calls).doesNotContain("send");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("closedOnAccept");
    }

    @Test
    void whatAServerAtItsLimitSaysIsQuoted() {
        shared = shared("{script: [{send: 'PING'}, {expect: '+PONG'}]}", "exchanges: 1");
        assertThat(closedWith("-ERR max number of clients reached\r\n").calls).doesNotContain("send");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("closedOnAccept: after \"-ERR max number of clients reached\\r\\n\"");
    }

    @Test
    void aResponseThatTurnsTheConnectionAwayIsCounted() {
        shared = shared("http", "exchanges: 3");
        assertThat(closedWith(UNAVAILABLE).calls).doesNotContain("send", "shutdown");
        expectOutcome(ConnectionOutcome.COMPLETED);
        assertThat(statuses()).containsExactly(entry(503, 1L));
        assertThat(counts().unexpected()).isOne();
        assertThat(counts().notBegun()).isEqualTo(2);
        assertThat(counts().announced()).as("the server closed first").isOne();
        assertThat(counts().closedFirst()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 503 No\\r\\nContent-Length: 0\\r\\n\\r\\n', CLOSED_EARLY, closedAfterResponse",
        "'HTTP/1.1 503 No\\r\\nContent-Length: 9\\r\\n\\r\\n', CLOSED_EARLY, closedInResponse",
        "'SSH-2.0-x\\r\\n', CORRUPTED, notWhatWasAsked"
    })
    void whateverElseItSaysIsJudgedAsIfItHadBeenAsked(String said, ConnectionOutcome outcome, String cause) {
        shared = shared("http", "exchanges: 3");
        String bytes = said.replace("\\r\\n", "\r\n");
        assertThat(closedWith(bytes).calls).doesNotContain("send");
        expectOutcome(outcome);
        assertThat(causes.read())
                .extracting(each -> each.cause().text())
                .anySatisfy(text -> assertThat(text).startsWith(cause));
    }

    @Test
    void aServerThatSpeaksFirstIsHeard() {
        shared = shared("{script: [{expect: hi}]}", "exchanges: 1");
        FakeWire wire = closedWith("hi");
        assertThat(wire.calls).contains("recv");
        expectOutcome(ConnectionOutcome.COMPLETED);
    }
}
