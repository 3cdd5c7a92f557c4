package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection's life against a peer that does what the test says: which calls it makes, and the one outcome that it has. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionTest {

    private static final long MINUTE = 60_000_000_000L;

    @TempDir
    private static Path directory;

    private final FakeWires wires = new FakeWires();
    private final Queue<Runnable> loopTasks = new ConcurrentLinkedQueue<>();
    private int released;

    private Shared shared = shared("echo", "exchanges: 1");

    private Shared shared(String protocol, String member) {
        return shared(protocol, member, "closed: {concurrency: 1}");
    }

    private Shared shared(String protocol, String member, String load) {
        try {
            Path file = Files.writeString(
                    directory.resolve("p.yaml"),
                    "load: {%s}%nduration: 1s%nprotocol: %s%nmix: [{name: only, %s}]%n"
                            .formatted(load, protocol, member));
            Profile profile = ProfileReader.read(file, List.of());
            LoopPlan plan = new LoopPlan(
                    profile,
                    new InetSocketAddress("127.0.0.1", 9),
                    _ -> wires,
                    1,
                    0,
                    1,
                    LoopPlan.ANY_CPU,
                    new CauseTally());
            shared = new Shared(plan, wires, loopTasks::add, _ -> released++);
            return shared;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Connection start() {
        Connection connection = new Connection(shared, shared.live.count(), 0);
        shared.live.add(connection);
        connection.start(System.nanoTime());
        return connection;
    }

    /** Time passes: whatever is due within {@code nanos} happens. */
    private void pass(long nanos) {
        shared.deadlines.expire(System.nanoTime() + nanos);
    }

    private void finishRun() {
        shared.ending = true;
        shared.live.wrapUp(System.nanoTime());
        for (int i = 0; i < 4; i++) {
            pass(10 * MINUTE);
        }
        shared.live.cut(System.nanoTime());
    }

    private LedgerReading counts() {
        return shared.recording.recorded(0).read();
    }

    private void expectOutcome(ConnectionOutcome outcome) {
        assertThat(counts().started()).isOne();
        assertThat(counts().ended()).as("one outcome each").isOne();
        assertThat(counts().outcome(outcome))
                .as("%s in %s", outcome, Arrays.toString(counts().outcomeCounts()))
                .isOne();
        pass(10 * MINUTE);
        assertThat(released).as("its slot is free").isOne();
        assertThat(shared.live.isEmpty()).isTrue();
        assertThat(shared.deadlines.nextNanos()).isEqualTo(Long.MAX_VALUE);
        wires.opened.forEach(wire -> assertThat(wire.released).isTrue());
    }

    private static void echo(FakeWire wire) {
        wire.peerSends(wire.sent);
        wire.sent = new byte[0];
        wire.ready();
    }

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
    void aResetThatTheServerIsAskedForIsACompletion() {
        shared = shared("tcplab", "exchanges: 1, response: 0, close: {by: server, how: rst}");
        start();
        wires.last().peerResets();
        wires.last().ready();
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

    /** What the peer does, in each phase in which it can do it. */
    private enum Peer {
        CLOSES,
        RESETS,
        SENDS_GARBAGE,
        IS_SILENT
    }

    static Stream<Arguments> whatThePeerDoesInEachPhase() {
        return Stream.of(
                arguments("connecting", Peer.RESETS, ConnectionOutcome.RESET),
                arguments("sending", Peer.RESETS, ConnectionOutcome.RESET),
                arguments("sending", Peer.IS_SILENT, ConnectionOutcome.EXCHANGE_TIMED_OUT),
                arguments("receiving", Peer.CLOSES, ConnectionOutcome.CLOSED_EARLY),
                arguments("receiving", Peer.RESETS, ConnectionOutcome.RESET),
                arguments("receiving", Peer.SENDS_GARBAGE, ConnectionOutcome.CORRUPTED),
                arguments("receiving", Peer.IS_SILENT, ConnectionOutcome.EXCHANGE_TIMED_OUT),
                arguments("thinking", Peer.CLOSES, ConnectionOutcome.CLOSED_EARLY),
                arguments("thinking", Peer.RESETS, ConnectionOutcome.RESET),
                arguments("thinking", Peer.SENDS_GARBAGE, ConnectionOutcome.CORRUPTED),
                arguments("holding", Peer.CLOSES, ConnectionOutcome.CLOSED_EARLY),
                arguments("holding", Peer.RESETS, ConnectionOutcome.RESET),
                arguments("closing", Peer.CLOSES, ConnectionOutcome.COMPLETED),
                arguments("closing", Peer.RESETS, ConnectionOutcome.RESET),
                arguments("closing", Peer.IS_SILENT, ConnectionOutcome.CLOSE_TIMED_OUT));
    }

    @ParameterizedTest
    @MethodSource("whatThePeerDoesInEachPhase")
    void whateverThePeerDoesThereIsOneOutcome(String phase, Peer peer, ConnectionOutcome outcome) {
        Connection connection = in(phase);
        assertThat(connection.phase.key()).isEqualTo(phase);
        FakeWire wire = wires.last();
        switch (peer) {
            case CLOSES -> wire.peerCloses();
            case RESETS -> wire.peerResets();
            case SENDS_GARBAGE -> wire.peerSends(new byte[64]);
            case IS_SILENT -> pass(10 * MINUTE);
        }
        wire.ready();
        expectOutcome(outcome);
    }

    private Connection in(String phase) {
        shared = switch (phase) {
            case "thinking" -> shared("echo", "exchanges: 2, think: 1h");
            case "holding" -> shared("echo", "exchanges: 1", "hold: {connections: 1, ramp: 1s}");
            default -> shared("echo", "exchanges: 1, request: 64B");
        };
        wires.establishedAtOnce = !phase.equals("connecting");
        wires.window = phase.equals("sending") ? 10 : Integer.MAX_VALUE;
        Connection connection = start();
        if (phase.equals("thinking") || phase.equals("holding") || phase.equals("closing")) {
            echo(wires.last());
        }
        return connection;
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
