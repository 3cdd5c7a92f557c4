package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection that speaks a script: its opening, its last word, its pauses. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionScriptTest extends OneConnection {

    @Test
    void aScriptSaysItsOpeningOnceAndItsLastWordBeforeTheClose() {
        String steps = "[{expect: hi}, {send: a}, {loop: [{send: b}, {expect: c}]}, {last: [{send: q}]}]";
        shared = shared("{script: " + steps + "}", "exchanges: 2");
        start();
        FakeWire wire = wires.last();
        assertThat(wire.calls).containsExactly("connect");
        says(wire, "hi");
        assertThat(wire.calls).containsExactly("connect", "recv", "send", "send");
        says(wire, "c");
        says(wire, "c");
        assertThat(wire.calls)
                .containsExactly("connect", "recv", "send", "send", "recv", "send", "recv", "send", "shutdown");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void aScriptIsHalfClosedRightAfterItsLastWord() {
        String steps = "[{send: b}, {expect: c}, {last: [{send: q}, {expect: r}]}]";
        shared = shared("{script: " + steps + "}", "close: {how: half-close}");
        start();
        FakeWire wire = wires.last();
        says(wire, "c");
        assertThat(wire.calls).containsExactly("connect", "send", "recv", "send", "shutdown");
        says(wire, "r");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @ParameterizedTest
    @CsvSource({"CLOSES, CLOSED_EARLY, closedWhileIdle", "RESETS, RESET, resetWhileIdle"})
    void whatComesInAPauseOfAScriptIsNoticedWhenItComes(Peer peer, ConnectionOutcome outcome, String cause) {
        shared = shared("{script: [{send: a}, {expect: b}, {pause: 1h}, {send: c}, {expect: d}]}", "exchanges: 1");
        start();
        says(wires.last(), "b");
        ends(peer);
        expectOutcome(outcome);
        expectCause(cause);
    }

    /** Each turn is made within the calls of the one before, and so is each exchange whose answer has come already. */
    @Test
    void aPeerThatAnswersAheadMakesNoStackTooDeep() throws InterruptedException {
        int sends = 199;
        int exchanges = 20;
        String steps = IntStream.range(0, sends)
                .mapToObj(i -> "{name: s" + i + ", send: a}, ")
                .collect(Collectors.joining("", "[", "{expect: x}]"));
        shared = shared("{script: " + steps + "}", "exchanges: " + exchanges);
        AtomicReference<Throwable> broken = new AtomicReference<>();
        Thread loop = Thread.ofPlatform()
                .stackSize(400 << 10)
                .uncaughtExceptionHandler((_, e) -> broken.set(e))
                .start(() -> {
                    start();
                    says(wires.last(), "x".repeat(exchanges));
                    while (counts().exchanges() < exchanges) {
                        pass(0);
                    }
                });
        loop.join();
        assertThat(broken.get()).isNull();
        assertThat(wires.last().calls.stream().filter("send"::equals)).hasSize(sends * exchanges);
    }

    @Test
    void anAnswerThatComesInAPauseIsTheNextOnes() {
        shared = shared("{script: [{send: a}, {pause: 1s}, {send: c}, {expect: bd}]}", "exchanges: 1");
        start();
        FakeWire wire = wires.last();
        says(wire, "b");
        pass(2_000_000_000L);
        says(wire, "d");
        wire.peerCloses();
        wire.ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @ParameterizedTest
    @CsvSource({"CLOSES, CLOSED_EARLY, closedOnAccept", "RESETS, RESET, resetOnAccept"})
    void nothingIsSentAfterAGreetingThatCameWithThePeersEnd(Peer peer, ConnectionOutcome outcome, String cause) {
        shared = shared("{script: [{expect: hi}, {loop: [{send: a}, {expect: b}]}]}", "exchanges: 2");
        start();
        FakeWire wire = wires.last();
        wire.peerSends("hi".getBytes(StandardCharsets.US_ASCII));
        if (peer == Peer.CLOSES) {
            wire.peerCloses();
        } else {
            wire.peerResetsThen();
        }
        wire.hangsUp();
        assertThat(wire.calls).doesNotContain("send");
        expectOutcome(outcome);
        expectCause(cause);
    }

    @Test
    void whatCameBehindTheGreetingIsHeardBeforeTheEnd() {
        shared = shared("{script: [{expect: hi}, {loop: [{expect: b}]}]}", "exchanges: 2, close: {by: server}");
        start();
        FakeWire wire = wires.last();
        wire.peerSends("hibb".getBytes(StandardCharsets.US_ASCII));
        wire.peerCloses();
        wire.hangsUp();
        assertThat(counts().exchanges()).isEqualTo(2);
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @ParameterizedTest
    @CsvSource({"hib, COMPLETED", "hino, CORRUPTED"})
    void whatWasAnsweredBeforeItWasAskedIsJudged(String said, ConnectionOutcome outcome) {
        shared = shared(
                "{script: [{expect: hi}, {loop: [{send: a}, {expect: b}]}]}", "exchanges: 1, close: {by: server}");
        start();
        FakeWire wire = wires.last();
        wire.peerSends(said.getBytes(StandardCharsets.US_ASCII));
        wire.peerCloses();
        wire.hangsUp();
        expectOutcome(outcome);
    }
}
