package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tcplab.companion.protocol.Pattern;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.FakeWires.FakeWire;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.StatusCounts;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection's life against a peer that does what the test says: which calls it makes, and the one outcome that it has. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionTest {

    private static final long MINUTE = 60_000_000_000L;

    @TempDir
    private static Path directory;

    private final FakeWires wires = new FakeWires();
    private final Queue<Runnable> loopTasks = new ConcurrentLinkedQueue<>();
    private CauseTally causes = new CauseTally();
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
                    List.of(new Destination(new InetSocketAddress("127.0.0.1", 9), null)),
                    _ -> wires,
                    1,
                    0,
                    1,
                    LoopPlan.ANY_CPU,
                    causes);
            shared = new Shared(plan, wires, loopTasks::add, _ -> released++);
            shared.recording.begin(System.nanoTime() - MINUTE, false);
            return shared;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Connection start() {
        Connection spare = shared.live.takeSpare();
        Connection connection = spare == null ? new Connection(shared) : spare;
        shared.live.add(connection);
        connection.start(0, 0, System.nanoTime());
        return connection;
    }

    /** Time passes: whatever is due within {@code nanos} happens. */
    private void pass(long nanos) {
        shared.deadlines.expire(System.nanoTime() + nanos);
    }

    /** As if nothing had been in progress on the connection for a second. */
    private static void idle(Connection connection) {
        connection.markNanos -= 1_000_000_000L;
    }

    /** As if its pause had begun this moment, however slow the machine is. */
    private static void atOnce(Connection connection) {
        connection.markNanos += MINUTE;
    }

    private void finishRun() {
        shared.finishing = true;
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

    private void expectCause(String text) {
        assertThat(causes.read()).extracting(counted -> counted.cause().text()).containsExactly(text);
    }

    private CauseTally.Counted cause() {
        return causes.read().getFirst();
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

    /** A server that takes the client's FIN for the end drops what it has not answered yet. */
    @ParameterizedTest
    @CsvSource({"CLOSES, CLOSED_EARLY, closedAfterHalfClose", "RESETS, RESET, resetAfterHalfClose"})
    void aResponseThatIsDroppedAfterOurHalfCloseIsSaidToBeThat(Peer peer, ConnectionOutcome outcome, String cause) {
        shared = shared("echo", "exchanges: 1, close: {by: client, how: half-close}");
        start();
        FakeWire wire = wires.last();
        if (peer == Peer.CLOSES) {
            wire.peerCloses();
        } else {
            wire.peerResets();
        }
        wire.ready();
        expectOutcome(outcome);
        expectCause(cause);
    }

    private static void says(FakeWire wire, String text) {
        wire.peerSends(text.getBytes(StandardCharsets.US_ASCII));
        wire.ready();
    }

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
        FakeWire wire = wires.last();
        says(wire, "b");
        if (peer == Peer.CLOSES) {
            wire.peerCloses();
        } else {
            wire.peerResets();
        }
        wire.ready();
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

    private void ends(Peer peer) {
        FakeWire wire = wires.last();
        if (peer == Peer.CLOSES) {
            wire.peerCloses();
        } else {
            wire.peerResets();
        }
        wire.ready();
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

    private static void answers(FakeWire wire, String response) {
        wire.peerSends(response.getBytes(StandardCharsets.ISO_8859_1));
        wire.ready();
    }

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

    private SortedMap<Integer, Long> statuses() {
        SortedMap<Integer, Long> statuses = StatusCounts.none();
        shared.recording.statuses(0).addTo(statuses);
        return statuses;
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CREATED_AND_CLOSED = "HTTP/1.1 201 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

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

    private static String sent(FakeWire wire) {
        return new String(wire.sent, StandardCharsets.ISO_8859_1);
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

    private static final String UNAVAILABLE = "HTTP/1.1 503 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";

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

    @Test
    void aServerThatSaysWhyItClosesAnIdleConnectionIsQuoted() {
        shared = shared("http", "exchanges: 2, think: 1h");
        start();
        answers(wires.last(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        answers(wires.last(), "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        expectOutcome(ConnectionOutcome.CLOSED_EARLY);
        expectCause("status 408 while idle");
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
