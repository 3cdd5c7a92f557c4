package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection's life: the calls that it makes for each close, its handshake, and that it has one outcome. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionTest extends OneConnection {

    static Stream<Arguments> closesOfTheClient() {
        return Stream.of(
                arguments("{by: client, how: fin}", "shutdown, recv, close"),
                arguments("{by: client, how: fin, awaitPeer: false}", "close"),
                arguments("{by: client, how: rst}", "linger 0, close"),
                arguments("{by: client, how: linger 2s}", "linger 2, detach"));
    }

    @ParameterizedTest
    @MethodSource("closesOfTheClient")
    void aPlannedCloseMakesItsCallsAndCompletes(String close, String calls) {
        shared = shared("echo", "exchanges: 1, close: " + close);
        start();
        FakeWire wire = wires.last();
        assertThat(wire.calls).containsExactly("connect", "send");
        echo(wire);
        if (!wire.released) {
            wire.peerCloses();
            wire.ready();
        }
        if (close.contains("linger")) {
            awaitLoopTask();
        }
        assertThat(wire.calls).containsExactly(("connect, send, recv, " + calls).split(", "));
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    private void awaitLoopTask() {
        Runnable task = null;
        while (task == null) {
            Thread.onSpinWait();
            task = loopTasks.poll();
        }
        task.run();
    }

    @Test
    void aHalfCloseSendsItsFinBeforeTheResponse() {
        shared = shared("echo", "exchanges: 1, close: {by: client, how: half-close}");
        start();
        FakeWire wire = wires.last();
        assertThat(wire.calls).containsExactly("connect", "send", "shutdown");
        echo(wire);
        wire.peerCloses();
        wire.ready();
        assertThat(wire.calls).containsExactly("connect", "send", "shutdown", "recv", "recv", "close");
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void anAbandonedConnectionStaysOpenAndCountsSoAtTheEnd() {
        shared = shared("echo", "exchanges: 1, close: {by: client, how: abandon}");
        start();
        echo(wires.last());
        assertThat(wires.last().released).isFalse();
        assertThat(released).isOne();
        finishRun();
        expectOutcome(ConnectionOutcome.OPEN_AT_END);
    }

    @Test
    void aConnectionThatBreaksAtTheEndLeavesTheOthersTheirs() {
        shared = shared("none", "exchanges: 0", "hold: {connections: 2, ramp: 1s}");
        start();
        FakeWire other = wires.last();
        start();
        wires.last().breaks = true;
        finishRun();
        assertThat(wires.opened).allMatch(wire -> wire.released);
        assertThat(other.calls).endsWith("close");
        assertThat(counts().ended()).isEqualTo(2);
        assertThat(counts().outcome(ConnectionOutcome.FAILED)).isOne();
    }

    @Test
    void aConnectionThatHasFailedIsNotCarriedOutOfTheWarmUp() {
        shared = shared("none", "exchanges: 0", "hold: {connections: 2, ramp: 1s}");
        start();
        wires.refusal = Errno.EMFILE.number();
        start();
        assertThat(shared.live.carryOver(shared.recording)).isOne();
    }

    @Test
    void whatIsDueGoesToTheConnectionThatHasBeenFreeLongest() {
        shared = shared("echo", "exchanges: 1", "requests: {rate: 1/s, connections: 2}");
        Requests requests = Objects.requireNonNull(shared.requests);
        long due = System.nanoTime() + MINUTE;
        requests.begin(due, Long.MAX_VALUE);
        start();
        FakeWire closed = wires.last();
        start();
        FakeWire longest = wires.last();
        closed.peerCloses();
        closed.ready();
        start();
        FakeWire instead = wires.last();
        requests.run(due);
        assertThat(longest.calls).contains("send");
        assertThat(instead.calls).doesNotContain("send");
    }

    /** The loop has not come to what epoll has for it. */
    @Test
    void noRequestIsSentIntoAConnectionWhoseFinIsAlreadyHere() {
        shared = shared("echo", "exchanges: 2, think: 2s");
        start();
        FakeWire wire = wires.last();
        echo(wire);
        assertThat(wire.awaits).isTrue();
        wire.peerCloses();
        int before = wire.calls.size();
        pass(3_000_000_000L);
        assertThat(wire.calls.subList(before, wire.calls.size())).containsExactly("recv", "close");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
    }

    @Test
    void aRequestThatIsDueGoesIntoNoConnectionWhoseFinIsAlreadyHere() {
        shared = shared("echo", "exchanges: 1", "requests: {rate: 1/s, connections: 2}");
        Requests requests = Objects.requireNonNull(shared.requests);
        long due = System.nanoTime() + MINUTE;
        requests.begin(due, Long.MAX_VALUE);
        start();
        FakeWire closed = wires.last();
        start();
        FakeWire open = wires.last();
        closed.peerCloses();
        requests.run(due);
        assertThat(closed.calls).doesNotContain("send").contains("close");
        assertThat(open.calls).contains("send");
    }

    @Test
    void aConnectionWhoseCloseStillWaitsAtTheEndCountsAsOpenAndOnce() {
        shared = shared("echo", "exchanges: 1, close: {by: client, how: linger 2s}");
        start();
        echo(wires.last());
        while (loopTasks.isEmpty()) {
            Thread.onSpinWait();
        }
        shared.live.cut(System.nanoTime());
        expectOutcome(ConnectionOutcome.OPEN_AT_END);
        loopTasks.remove().run();
        expectOutcome(ConnectionOutcome.OPEN_AT_END);
    }

    @Test
    void whereTheServerIsToCloseNothingIsSentAfterTheLastRequest() {
        shared = shared("tcplab", "exchanges: 1, response: 0, close: {by: server, how: fin}");
        start();
        FakeWire wire = wires.last();
        wire.peerCloses();
        wire.ready();
        assertThat(wire.calls).containsExactly("connect", "send", "recv", "close");
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void aSocketThatCannotBeHadIsAnOutcome() {
        wires.refusal = Errno.EMFILE.number();
        start();
        expectOutcome(ConnectionOutcome.NO_DESCRIPTOR);
    }

    @Test
    void aRefusalIsSeenWhereverItShows() {
        wires.connectResult = -Errno.ECONNREFUSED.number();
        start();
        expectOutcome(ConnectionOutcome.REFUSED);
    }

    @Test
    void aHandshakeThatNeverEndsTimesOut() {
        wires.establishedAtOnce = false;
        start();
        assertThat(wires.last().calls).containsExactly("connect");
        pass(MINUTE);
        expectOutcome(ConnectionOutcome.TIMED_OUT);
    }

    @Test
    void aHandshakeThatEndsLaterGoesOn() {
        wires.establishedAtOnce = false;
        start();
        wires.last().ready();
        echo(wires.last());
        wires.last().peerCloses();
        wires.last().ready();
        expectOutcome(ConnectionOutcome.COMPLETED);
    }

    @Test
    void aLongPauseIsSpentInEpollAndAShortOneEndsWithALook() {
        in("thinking");
        assertThat(wires.last().awaits).isTrue();

        shared = shared("echo", "exchanges: 2, think: 500us");
        start();
        FakeWire wire = wires.last();
        echo(wire);
        assertThat(wire.awaits).isFalse();
        wire.peerCloses();
        int before = wire.calls.size();
        pass(1_000_000);
        assertThat(wire.calls.subList(before, wire.calls.size()))
                .as("no request")
                .containsExactly("recv", "close");
        assertThat(cause().cause().text())
                .as("by whether 10 ms have passed")
                .isIn("closedAfterResponse", "closedWhileIdle");
    }

    @Test
    void aSocketThatIsItsOwnPeerIsAnOutcomeOfItsOwnAndLeavesNoTimeWait() {
        wires.ownPeer = true;
        start();
        assertThat(wires.last().calls).endsWith("linger 0", "close");
        expectOutcome(ConnectionOutcome.SELF_CONNECTED);
        expectCause("connectedToItself");
    }

    @Test
    void aFaultOfOursEndsItsConnectionAlone() {
        in("receiving");
        wires.last().peerSends(new byte[1 << 17]); // does not fit into the loop's buffer: the fake throws
        wires.last().ready();
        expectOutcome(ConnectionOutcome.FAILED);
        assertThat(cause().cause().text()).startsWith("broke: BufferOverflowException at ");
    }

    @Test
    void aGreetingIsToleratedWhereNothingIsAsked() {
        shared = shared("none", "exchanges: 0", "hold: {connections: 1, ramp: 1s}");
        start();
        FakeWire wire = wires.last();
        wire.peerSends("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
        wire.ready();
        assertThat(counts().ended()).isZero();
        for (int i = 0; i < 3; i++) {
            wire.peerSends(new byte[1 << 15]);
        }
        wire.ready();
        expectOutcome(ConnectionOutcome.CORRUPTED);
    }

    @ParameterizedTest
    @MethodSource("phases")
    void theEndOfTheRunLeavesNoConnectionWithoutAnOutcome(String phase) {
        in(phase);
        finishRun();
        assertThat(counts().ended()).isOne();
        assertThat(shared.live.isEmpty()).isTrue();
    }

    static Stream<String> phases() {
        return Stream.of("connecting", "sending", "receiving", "thinking", "holding", "closing");
    }
}
