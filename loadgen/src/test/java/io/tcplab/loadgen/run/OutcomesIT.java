package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a target does, each started connection ends in exactly one outcome, the right one. */
@OverEachTransport
@Timeout(60)
class OutcomesIT {

    private static final String PROFILE = """
            name: outcomes
            connections: 23
            load: {closed: {concurrency: 4}}
            protocol: echo
            mix: [{name: only, exchanges: 3}]
            client: {connectTimeout: 1s, exchangeTimeout: 500ms, closeTimeout: 500ms}
            """;

    private static Measurement run(InetSocketAddress target, String... sets) {
        Profile profile = Profiles.of(PROFILE, sets);
        Measurement measured = new LoadRun(profile, target, 1, LoopCpus.ANY).execute(_ -> {});
        LedgerReading total = measured.total();
        assertThat(total.started())
                .as("the books balance: %s", measured.causes())
                .isEqualTo(total.ended());
        return measured;
    }

    private static void echo(Socket socket, int limit) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[65536];
        int total = 0;
        int read;
        while (total < limit && (read = in.read(bytes)) > 0) {
            socket.getOutputStream().write(bytes, 0, read);
            total += read;
        }
    }

    @Test
    void aWellBehavedTargetCompletesEveryConnection() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                echo(socket, Integer.MAX_VALUE);
            }
        })) {
            Measurement measured = run(server.address());
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED)).isEqualTo(23);
            assertThat(measured.total().exchanges()).isEqualTo(69);
            assertThat(server.accepted()).isEqualTo(23);
            Map<Metric, Histogram> latencies = measured.latencies().getOrDefault("only", Map.of());
            for (Metric metric : new Metric[] {Metric.CONNECT, Metric.TEARDOWN, Metric.LIFETIME, Metric.CLOSE_CALL}) {
                assertThat(latencies.get(metric).getTotalCount())
                        .as(metric.key())
                        .isEqualTo(23);
            }
            assertThat(latencies.get(Metric.SERVICE).getTotalCount()).isEqualTo(69);
        }
    }

    @Test
    void nobodyListeningIsRefused() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        Measurement measured = run(new InetSocketAddress("127.0.0.1", port));
        assertThat(measured.total().outcome(ConnectionOutcome.REFUSED)).isEqualTo(23);
        assertThat(measured.causes().getFirst().cause().text()).isEqualTo("connect: ECONNREFUSED");
        assertThat(measured.causes().getFirst().count()).isEqualTo(23);
    }

    @Test
    void aTargetThatNeverAnswersTimesTheExchangeOut() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((_, _) -> {})) {
            Measurement measured = run(server.address(), "connections=5");
            assertThat(measured.total().outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT))
                    .isEqualTo(5);
        }
    }

    @Test
    void garbageIsCorrupted() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.getInputStream().readNBytes(64);
            socket.getOutputStream().write(new byte[64]);
        })) {
            assertThat(run(server.address()).total().outcome(ConnectionOutcome.CORRUPTED))
                    .isEqualTo(23);
        }
    }

    @Test
    void anAnswerThatIsTooLongIsCorrupted() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            byte[] request = socket.getInputStream().readNBytes(64);
            byte[] tooLong = java.util.Arrays.copyOf(request, 65);
            socket.getOutputStream().write(tooLong);
        })) {
            assertThat(run(server.address()).total().outcome(ConnectionOutcome.CORRUPTED))
                    .isEqualTo(23);
        }
    }

    @Test
    void aTargetThatResetsIsReset() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.getInputStream().readNBytes(64);
            socket.setSoLinger(true, 0);
            socket.close();
        })) {
            assertThat(run(server.address()).total().outcome(ConnectionOutcome.RESET))
                    .isEqualTo(23);
        }
    }

    @Test
    void aTargetThatClosesInTheMiddleClosedEarly() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                socket.getInputStream().readNBytes(64);
                socket.getOutputStream().write(new byte[0]);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
        })) {
            assertThat(run(server.address()).total().outcome(ConnectionOutcome.CLOSED_EARLY))
                    .isEqualTo(23);
        }
    }

    @Test
    void aTargetThatNeverClosesTimesTheCloseOut() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> echo(socket, Integer.MAX_VALUE))) {
            assertThat(run(server.address(), "connections=5").total().outcome(ConnectionOutcome.CLOSE_TIMED_OUT))
                    .isEqualTo(5);
        }
    }

    @Test
    void aTargetThatDiesInTheMiddleLeavesNoConnectionUncounted() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, number) -> {
            if (number == 10) {
                socket.setSoLinger(true, 0);
            }
            try (socket) {
                echo(socket, 64);
            }
        })) {
            Measurement measured = run(server.address(), "mix.0.exchanges=1", "connections=200");
            assertThat(measured.total().started()).isEqualTo(200);
        }
    }

    @Test
    void whatIsStillOpenWhenTheRunIsCutCountsAsOpen() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> echo(socket, Integer.MAX_VALUE))) {
            Profile profile = Profiles.of(
                    PROFILE, "connections=5", "client.exchangeTimeout=60s", "mix.0.close={by: client, how: abandon}");
            Measurement measured = new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {});
            assertThat(measured.total().outcome(ConnectionOutcome.OPEN_AT_END)).isEqualTo(5);
            assertThat(measured.total().started()).isEqualTo(measured.total().ended());
        }
    }

    @Test
    void anInterruptedRunIsCompleteAndBalanced() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                echo(socket, Integer.MAX_VALUE);
            }
        })) {
            Profile profile =
                    Profiles.of(PROFILE.replace("connections: 23", "duration: 1h"), "mix.0.exchanges=1000000");
            LoadRun run = new LoadRun(profile, server.address(), 1, LoopCpus.ANY);
            Measurement measured = run.execute(interval -> run.interrupt());
            assertThat(measured.interrupted()).isTrue();
            assertThat(measured.total().started()).isEqualTo(measured.total().ended());
            assertThat(measured.total().exchanges()).isPositive();
        }
    }

    /** Answers each request, and closes by FIN when nothing has come for 300 ms. */
    private static void answerUntilIdle(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout(300);
            byte[] bytes = new byte[64];
            while (socket.getInputStream().readNBytes(bytes, 0, 64) == 64) {
                socket.getOutputStream().write(bytes);
            }
        } catch (SocketTimeoutException _) {
            // idle for as long as it tolerates
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCloseOfAnIdleConnectionIsNoticedWhenItComes(boolean optimistic) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> answerUntilIdle(socket))) {
            Measurement measured = run(
                    server.address(),
                    "connections=20",
                    "load.closed.concurrency=20",
                    "mix.0.think=5s",
                    "client.optimistic=" + optimistic);
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY)).isEqualTo(20);
            assertThat(measured.total().exchanges()).isEqualTo(20);
            CauseTally.Counted cause = measured.causes().getFirst();
            assertThat(cause.cause().text()).isEqualTo("closedWhileIdle");
            assertThat(cause.cause().phase()).isEqualTo(Phase.THINKING);
            assertThat(cause.count()).isEqualTo(20);
            assertThat(cause.idleMillis()).isNotNull();
            assertThat(cause.idleMillis().min()).isGreaterThan(250);
            assertThat(cause.idleMillis().max())
                    .as("long before the pause is over")
                    .isLessThan(3_000);
        }
    }

    @Test
    void aSocketThatMeetsItselfIsNeverACompletion() throws Exception {
        Profile profile = Profiles.of(PROFILE, "connections=60000", "load.closed.concurrency=50", "duration=20s");
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        LoadRun run = new LoadRun(profile, new InetSocketAddress("127.0.0.1", port), 1, LoopCpus.ANY);
        Measurement measured = run.execute(_ -> {
            run.interrupt();
        });
        LedgerReading total = measured.total();
        assertThat(total.started()).isEqualTo(total.ended());
        assertThat(total.outcome(ConnectionOutcome.COMPLETED)).isZero();
        assertThat(total.started())
                .isEqualTo(total.outcome(ConnectionOutcome.REFUSED)
                        + total.outcome(ConnectionOutcome.SELF_CONNECTED)
                        + total.outcome(ConnectionOutcome.OPEN_AT_END));
    }
}
