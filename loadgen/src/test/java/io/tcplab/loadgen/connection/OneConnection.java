package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.connection.FakeWires.FakeWire;
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
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;

/** A connection over {@link FakeWires}, against a peer that does what the test says, and what became of it. */
abstract class OneConnection {

    static final long MINUTE = 60_000_000_000L;

    @TempDir
    static Path directory;

    final FakeWires wires = new FakeWires();
    final Queue<Runnable> loopTasks = new ConcurrentLinkedQueue<>();
    CauseTally causes = new CauseTally();
    int released;
    Shared shared = shared("echo", "exchanges: 1");

    Shared shared(String protocol, String member) {
        return shared(protocol, member, "closed: {concurrency: 1}");
    }

    Shared shared(String protocol, String member, String load) {
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

    Connection start() {
        Connection spare = shared.live.takeSpare();
        Connection connection = spare == null ? new Connection(shared) : spare;
        shared.live.add(connection);
        connection.start(0, 0, System.nanoTime());
        return connection;
    }

    /** Time passes: whatever is due within {@code nanos} happens. */
    void pass(long nanos) {
        shared.deadlines.expire(System.nanoTime() + nanos);
    }

    /** As if nothing had been in progress on the connection for a second. */
    static void idle(Connection connection) {
        connection.markNanos -= 1_000_000_000L;
    }

    /** As if its pause had begun this moment, however slow the machine is. */
    static void atOnce(Connection connection) {
        connection.markNanos += MINUTE;
    }

    void finishRun() {
        shared.finishing = true;
        shared.live.wrapUp(System.nanoTime());
        for (int i = 0; i < 4; i++) {
            pass(10 * MINUTE);
        }
        shared.live.cut(System.nanoTime());
    }

    LedgerReading counts() {
        return shared.recording.recorded(0).read();
    }

    void expectOutcome(ConnectionOutcome outcome) {
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

    void expectCause(String text) {
        assertThat(causes.read()).extracting(counted -> counted.cause().text()).containsExactly(text);
    }

    CauseTally.Counted cause() {
        return causes.read().getFirst();
    }

    static void echo(FakeWire wire) {
        wire.peerSends(wire.sent);
        wire.sent = new byte[0];
        wire.ready();
    }

    static void says(FakeWire wire, String text) {
        wire.peerSends(text.getBytes(StandardCharsets.US_ASCII));
        wire.ready();
    }

    /** What the peer does, in each phase in which it can do it. */
    enum Peer {
        CLOSES,
        RESETS,
        SENDS_GARBAGE,
        IS_SILENT
    }

    void ends(Peer peer) {
        FakeWire wire = wires.last();
        if (peer == Peer.CLOSES) {
            wire.peerCloses();
        } else {
            wire.peerResets();
        }
        wire.ready();
    }

    static void answers(FakeWire wire, String response) {
        wire.peerSends(response.getBytes(StandardCharsets.ISO_8859_1));
        wire.ready();
    }

    SortedMap<Integer, Long> statuses() {
        SortedMap<Integer, Long> statuses = StatusCounts.none();
        shared.recording.statuses(0).addTo(statuses);
        return statuses;
    }

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    static final String CREATED_AND_CLOSED = "HTTP/1.1 201 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static final String UNAVAILABLE = "HTTP/1.1 503 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";

    static String sent(FakeWire wire) {
        return new String(wire.sent, StandardCharsets.ISO_8859_1);
    }

    Connection in(String phase) {
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
}
