package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a target does, each started connection ends in exactly one outcome, the right one. On both transports. */
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

    private static Measurement run(InetSocketAddress target, String transport, String... sets) {
        Profile profile = Profiles.of(PROFILE, append(sets, "client.transport=" + transport));
        Measurement measured = new LoadRun(profile, target, 1, LoopCpus.ANY).execute(_ -> {});
        LedgerReading total = measured.total();
        assertThat(total.started())
                .as("the books balance: %s", measured.causes())
                .isEqualTo(total.ended());
        return measured;
    }

    private static String[] append(String[] sets, String more) {
        String[] all = java.util.Arrays.copyOf(sets, sets.length + 1);
        all[sets.length] = more;
        return all;
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

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aWellBehavedTargetCompletesEveryConnection(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                echo(socket, Integer.MAX_VALUE);
            }
        })) {
            Measurement measured = run(server.address(), transport);
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

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void nobodyListeningIsRefused(String transport) throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        Measurement measured = run(new InetSocketAddress("127.0.0.1", port), transport);
        assertThat(measured.total().outcome(ConnectionOutcome.REFUSED)).isEqualTo(23);
        assertThat(measured.causes().getFirst().cause()).isEqualTo("connect: ECONNREFUSED");
        assertThat(measured.causes().getFirst().count()).isEqualTo(23);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aTargetThatNeverAnswersTimesTheExchangeOut(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((_, _) -> {})) {
            Measurement measured = run(server.address(), transport, "connections=5");
            assertThat(measured.total().outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT))
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void garbageIsCorrupted(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.getInputStream().readNBytes(64);
            socket.getOutputStream().write(new byte[64]);
        })) {
            assertThat(run(server.address(), transport).total().outcome(ConnectionOutcome.CORRUPTED))
                    .isEqualTo(23);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void anAnswerThatIsTooLongIsCorrupted(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            byte[] request = socket.getInputStream().readNBytes(64);
            byte[] tooLong = java.util.Arrays.copyOf(request, 65);
            socket.getOutputStream().write(tooLong);
        })) {
            assertThat(run(server.address(), transport).total().outcome(ConnectionOutcome.CORRUPTED))
                    .isEqualTo(23);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aTargetThatResetsIsReset(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.getInputStream().readNBytes(64);
            socket.setSoLinger(true, 0);
            socket.close();
        })) {
            assertThat(run(server.address(), transport).total().outcome(ConnectionOutcome.RESET))
                    .isEqualTo(23);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aTargetThatClosesInTheMiddleClosedEarly(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                socket.getInputStream().readNBytes(64);
                socket.getOutputStream().write(new byte[0]);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
        })) {
            assertThat(run(server.address(), transport).total().outcome(ConnectionOutcome.CLOSED_EARLY))
                    .isEqualTo(23);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aTargetThatNeverClosesTimesTheCloseOut(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> echo(socket, Integer.MAX_VALUE))) {
            assertThat(run(server.address(), transport, "connections=5")
                            .total()
                            .outcome(ConnectionOutcome.CLOSE_TIMED_OUT))
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aTargetThatDiesInTheMiddleLeavesNoConnectionUncounted(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, number) -> {
            if (number == 10) {
                socket.setSoLinger(true, 0);
            }
            try (socket) {
                echo(socket, 64);
            }
        })) {
            Measurement measured = run(server.address(), transport, "mix.0.exchanges=1", "connections=200");
            assertThat(measured.total().started()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void whatIsStillOpenWhenTheRunIsCutCountsAsOpen(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> echo(socket, Integer.MAX_VALUE))) {
            Profile profile = Profiles.of(
                    PROFILE,
                    "connections=5",
                    "client.exchangeTimeout=60s",
                    "mix.0.close={by: client, how: abandon}",
                    "client.transport=" + transport);
            Measurement measured = new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {});
            assertThat(measured.total().outcome(ConnectionOutcome.OPEN_AT_END)).isEqualTo(5);
            assertThat(measured.total().started()).isEqualTo(measured.total().ended());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void anInterruptedRunIsCompleteAndBalanced(String transport) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                echo(socket, Integer.MAX_VALUE);
            }
        })) {
            Profile profile = Profiles.of(
                    PROFILE.replace("connections: 23", "duration: 1h"),
                    "mix.0.exchanges=1000000",
                    "client.transport=" + transport);
            LoadRun run = new LoadRun(profile, server.address(), 1, LoopCpus.ANY);
            Measurement measured = run.execute(interval -> run.interrupt());
            assertThat(measured.interrupted()).isTrue();
            assertThat(measured.total().started()).isEqualTo(measured.total().ended());
            assertThat(measured.total().exchanges()).isPositive();
        }
    }
}
