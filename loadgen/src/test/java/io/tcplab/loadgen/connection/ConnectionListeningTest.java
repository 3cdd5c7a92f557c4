package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A script that listens first, or to a server that is ahead of it. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionListeningTest extends OneConnection {

    /** Readiness is told once: what came with it has to be read, or nothing ever says so again. */
    @Test
    void aGreetingThatComesWithTheHandshakeIsRead() {
        wires.establishedAtOnce = false;
        shared = shared("{script: [{expect: hi}, {loop: [{send: b}, {expect: c}]}]}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        says(wire, "hi");
        assertThat(wire.calls).containsExactly("connect", "recv", "send");
        says(wire, "c");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void anAnswerThatComesBeforeTheLastByteIsTakenIsRead() {
        wires.window = 1;
        shared = shared("{script: [{send: ab}, {expect: c}]}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        says(wire, "c");
        wires.window = 1;
        wire.ready();
        assertThat(wire.calls).containsExactly("connect", "send", "send", "recv", "shutdown");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void whatAReadLeavesInTheSocketIsReadByTheNextExchangeThatOnlyListens() {
        int exchanges = 40;
        shared = shared("{script: [{expect: {bytes: 64KiB}}]}", "exchanges: " + exchanges);
        start();
        FakeWire wire = wires.last();
        for (int i = 0; i < exchanges; i++) {
            wire.peerSends(new byte[1 << 16]);
        }
        wire.peerCloses();
        wire.hangsUp();
        for (int i = 0; i < exchanges; i++) {
            pass(0);
        }
        assertThat(counts().exchanges()).isEqualTo(exchanges);
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    /** A server that is ahead is not read any faster than its messages are counted. */
    @ParameterizedTest
    @ValueSource(strings = {"0s", "5ms"})
    void whatComesAheadOfExchangesThatOnlyListenIsTheirs(String think) {
        int exchanges = 100;
        shared = shared("{script: [{expect: {bytes: 8KiB}}]}", "exchanges: " + exchanges + ", think: " + think);
        start();
        FakeWire wire = wires.last();
        for (int i = 0; i < exchanges; i++) {
            wire.peerSends(new byte[1 << 13]);
        }
        wire.peerCloses();
        wire.hangsUp();
        for (int i = 0; i < exchanges; i++) {
            wire.ready();
            pass(MINUTE / 60);
        }
        assertThat(causes.read()).isEmpty();
        assertThat(counts().exchanges()).isEqualTo(exchanges);
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    /** As much as fits is kept, the rest stays in the socket. */
    @ParameterizedTest
    @CsvSource({"'{pause: 5ms}', 1", "'{pause: 5ms}', 3", "'{pause: 100us}', 3", "'{pause: 5ms}, {send: a}', 3"})
    void whatComesAheadOfAPauseIsThatOfTheExpectsBehindIt(String steps, int expects) {
        int each = 1 << 17;
        String expect = ", {expect: {bytes: " + each + "B}}";
        String script = "[" + steps + expect.repeat(expects) + "]";
        shared = shared("{script: " + script + "}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        for (int i = 0; i < 2 * expects; i++) {
            wire.peerSends(new byte[1 << 16]);
            wire.ready();
        }
        pass(MINUTE / 60);
        wire.ready();
        wire.peerCloses();
        wire.ready();
        assertThat(causes.read()).isEmpty();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void aCloseBehindWhatIsLeftInTheSocketIsSeenBeforeAnythingIsSaid() {
        shared = shared("{script: [{pause: 5ms}, {send: a}, {expect: {bytes: 1MiB}}]}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        for (int i = 0; i < 5; i++) {
            wire.peerSends(new byte[1 << 16]);
            wire.ready();
        }
        wire.peerCloses();
        wire.hangsUp();
        assertThat(wire.calls).doesNotContain("send");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
    }

    @ParameterizedTest
    @CsvSource({"'', OPEN_AT_END", "'{last: [{send: q}]}', OPEN_AT_END", "'{last: [{expect: bye}]}', CORRUPTED"})
    void whatAServerPushesOnAHeldConnectionIsIgnoredUnlessALastWordIsExpected(String last, ConnectionOutcome outcome) {
        String steps = "[{send: a}, {expect: b}" + (last.isEmpty() ? "" : ", " + last) + "]";
        shared = shared("{script: " + steps + "}", "exchanges: 1", "hold: {connections: 1, ramp: 1s}");
        start();
        FakeWire wire = wires.last();
        says(wire, "b");
        for (int i = 0; i < 5; i++) {
            wire.peerSends(new byte[1 << 15]);
            wire.ready();
        }
        shared.live.cut(System.nanoTime());
        expectOutcome(outcome);
    }

    @ParameterizedTest
    @CsvSource({"bye, COMPLETED", "by, CLOSED_EARLY"})
    void aLastWordOfThePeersIsHeardThoughItHasClosed(String said, ConnectionOutcome outcome) {
        shared = shared("{script: [{send: a}, {expect: b}, {last: [{expect: bye}]}]}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        wire.peerSends(("b" + said).getBytes(StandardCharsets.US_ASCII));
        wire.peerCloses();
        wire.hangsUp();
        expectOutcome(outcome);
    }
}
