package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.channel.IoHandler;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Ledger;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A loop that has run for a while makes no garbage: a collector's pause would be in the latencies. */
@Timeout(60)
class GarbageTest {

    private static final int WARM = 3_000;
    private static final int MEASURED = 1_000;
    private static final int BATCHES = 5;

    /** What the JVM's own bookkeeping takes now and then, far below a byte a connection. */
    private static final long SLACK_BYTES = 2_000;

    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nServer: it\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private final AnsweringWires wires = new AnsweringWires();
    private Shared shared;

    private void begin(String protocol, String member) throws Exception {
        Path file = Files.writeString(
                directory.resolve("p.yaml"),
                "load: {closed: {concurrency: 1}}%nduration: 1s%nprotocol: %s%nmix: [{name: only, %s}]%n"
                        .formatted(protocol, member));
        Profile profile = ProfileReader.read(file, List.of());
        LoopPlan plan = new LoopPlan(
                profile,
                List.of(new Destination(new InetSocketAddress("127.0.0.1", 9), null)),
                _ -> wires,
                1,
                0,
                1,
                LoopPlan.ANY_CPU,
                new CauseTally());
        shared = new Shared(plan, wires, Runnable::run, _ -> {});
        shared.recording.begin(System.nanoTime() - 1_000_000_000L, false);
    }

    /** What the loop does for each start, without its clock. */
    private void connections(int from, int count) {
        for (int i = from; i < from + count; i++) {
            Connection spare = shared.live.takeSpare();
            Connection connection = spare == null ? new Connection(shared) : spare;
            shared.live.add(connection);
            connection.start(i, 0, System.nanoTime());
            while (!shared.live.isEmpty()) {
                wires.wire.owner.ready(false);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            none                                            | exchanges: 0, close: {by: client, how: fin}
            none                                            | exchanges: 0, close: {by: client, how: rst}
            echo                                            | exchanges: 1, close: {by: client, how: fin}
            echo                                            | exchanges: 3, request: 64B, close: {by: client, how: half-close}
            echo                                            | exchanges: 2, request: 100B-200B, close: {by: client, how: rst}
            {http: {path: /}}                               | exchanges: 3, close: {by: client, how: fin}
            {script: [{send: "ab"}, {expect: {bytes: 2}}]}  | exchanges: 3, close: {by: client, how: fin}
            """)
    void aConnectionLeavesNothingToCollect(String protocol, String member) throws Exception {
        wires.response = protocol.contains("http") ? OK : null;
        begin(protocol, member);
        connections(0, WARM);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE; // a histogram that meets a latency longer than all before grows, once
        for (int batch = 0; batch < BATCHES; batch++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            connections(WARM + batch * MEASURED, MEASURED);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        Ledger ledger = shared.recording.ledger(0);
        assertThat(ledger.read().outcome(ConnectionOutcome.COMPLETED)).isEqualTo(WARM + BATCHES * MEASURED);
        assertThat(least).as("bytes for %d connections", MEASURED).isLessThan(SLACK_BYTES);
    }

    /** One socket after another to a peer that answers at once, with the request or with always the same, and then closes. */
    private static final class AnsweringWires implements Wires {
        private final AnsweringWire wire = new AnsweringWire(this);
        private byte @Nullable [] response;

        @Override
        public Wire open(Wire.Owner owner, int target) {
            wire.owner = owner;
            wire.length = 0;
            return wire;
        }

        @Override
        public int failureErrno() {
            return 0;
        }

        @Override
        public String failedCall() {
            return "";
        }

        @Override
        public IoHandler ioHandler() {
            throw new UnsupportedOperationException("no loop runs here");
        }

        @Override
        public boolean mayMeetItself(int target) {
            return false;
        }

        @Override
        public boolean awaitsReadiness() {
            return false;
        }

        @Override
        public void enterLoop() {}
    }

    private static final class AnsweringWire implements Wire {
        private final AnsweringWires wires;
        private final byte[] bytes = new byte[4_096];
        private Owner owner;
        private int length;

        @SuppressWarnings("NullAway.Init") // open() sets the owner
        AnsweringWire(AnsweringWires wires) {
            this.wires = wires;
        }

        @Override
        public int connect() {
            return IN_PROGRESS;
        }

        @Override
        public int establishedNow() {
            return 1;
        }

        @Override
        public int connectResult() {
            return 0;
        }

        @Override
        public int send(Buffer buffer, int sent) {
            byte[] response = wires.response;
            if (response == null) {
                for (int i = 0; i < sent; i++) {
                    bytes[length + i] = buffer.bytes().get(i);
                }
                length += sent;
            } else {
                System.arraycopy(response, 0, bytes, 0, response.length);
                length = response.length;
            }
            return sent;
        }

        @Override
        public int receive(Buffer buffer) {
            int given = length;
            for (int i = 0; i < given; i++) {
                buffer.bytes().put(i, bytes[i]);
            }
            length = 0;
            return given;
        }

        @Override
        public int shutdownOutput() {
            return 0;
        }

        @Override
        public int linger(int seconds) {
            return 0;
        }

        @Override
        public int release() {
            return 0;
        }

        @Override
        public LingeringClose detach() {
            throw new UnsupportedOperationException("nobody lingers here");
        }

        @Override
        public void await(boolean output) {}

        @Override
        public void expect() {}

        @Override
        public void awaitAgain() {}

        @Override
        public boolean isAwaited() {
            return true;
        }

        @Override
        public int peek() {
            return length == 0 ? 0 : 1;
        }

        @Override
        public boolean isItsOwnPeer() {
            return false;
        }

        @Override
        public Optional<InetSocketAddress> ownAddress() {
            return Optional.empty();
        }

        @Override
        public boolean look(Vitals filled) {
            return false;
        }

        @Override
        public int rttMicros() {
            return 1;
        }
    }
}
