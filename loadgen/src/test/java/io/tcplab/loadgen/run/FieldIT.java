package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that people have reported, each small and in a namespace of its own: what a run says of them, and whose doing it was. */
@Timeout(90)
class FieldIT {

    private static final String SHORT = """
            connections: 20
            load: {closed: {concurrency: 20}}
            mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
            """;

    private NetworkNamespace namespace;
    private final List<Socket> kept = new ArrayList<>();

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("field");
    }

    @AfterEach
    void end() throws IOException {
        for (Socket each : kept) {
            each.close();
        }
        namespace.close();
    }

    private interface Server {
        void serve(ServerSocket listener) throws Exception;
    }

    private interface Accepted {
        void serve(Socket socket) throws Exception;
    }

    /** Accepts all; each connection on a platform thread, which lives in the namespace. */
    private Server each(Accepted behaviour) {
        return listener -> {
            while (true) {
                Socket socket = listener.accept();
                kept.add(socket);
                inBackground(() -> behaviour.serve(socket));
            }
        };
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void inBackground(Work work) {
        Thread.ofPlatform().daemon(true).start(() -> {
            try {
                work.run();
            } catch (Exception _) {
                // the peer, or the test, has closed
            }
        });
    }

    private Summary run(Server server, String rest) throws Exception {
        return namespace.call(() -> {
            try (ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
                inBackground(() -> server.serve(listener));
                Profile profile = Profiles.of(
                        "name: field\nprotocol: echo\ntarget: 127.0.0.1:" + listener.getLocalPort() + "\n" + rest);
                return IsolatedRun.onHost(profile);
            }
        });
    }

    /** What is started in a quarter of a second is not attempted at a fourth of the rate because the answers take three quarters more. */
    @Test
    void theWaitForTheLastAnswersIsNoPartOfTheRateAtWhichConnectionsWereStarted() throws Exception {
        Summary summary = run(
                each(socket -> {
                    Thread.sleep(750);
                    echo(socket);
                }),
                """
                connections: 50
                load: {open: {rate: 200/s, arrivals: constant}}
                mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                """);
        Measured.Rates rates = summary.rates();
        assertThat(summary.durationSeconds()).isGreaterThan(0.75);
        assertThat(rates.offered()).isCloseTo(200.0, within(0.5));
        assertThat(rates.attempted() * (0.25 + maxStartDelaySeconds(summary))).isCloseTo(50.0, within(1.0));
        assertThat(rates.achieved()).isCloseTo(50 / summary.durationSeconds(), within(0.5));
    }

    private static double maxStartDelaySeconds(Summary summary) {
        return Objects.requireNonNull(summary.latencies().of(Metric.START_DELAY).maxMicros()) / 1e6;
    }

    private static void echo(Socket socket) throws IOException {
        byte[] bytes = new byte[64];
        InputStream in = socket.getInputStream();
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            socket.getOutputStream().write(bytes, 0, read);
        }
        socket.close();
    }

    private static List<String> causes(Summary summary) {
        return summary.causes().stream().map(Measured.Cause::cause).toList();
    }

    private static List<String> codes(Summary summary) {
        return summary.warnings().stream().map(Verdict.Warning::code).toList();
    }

    /** Until so many connections are in the listener's queue, and all of them are. */
    private static void waiting(ServerSocket listener, long connections) throws InterruptedException {
        try (SockDiag diag = SockDiag.open()) {
            while (diag.listener(listener.getLocalPort()).orElseThrow().acceptQueueLength() < connections) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static SideFigures server(Summary summary) {
        return Objects.requireNonNull(summary.kernel().server());
    }

    @Test
    void aResponseThatIsDroppedWhenOurFinComesIsLaidToTheHalfClose() throws Exception {
        Summary summary = run(
                each(socket -> {
                    var _ = socket.getInputStream().readAllBytes();
                    socket.close();
                }),
                SHORT.replace("how: fin", "how: half-close"));

        assertThat(causes(summary)).containsExactly("closedAfterHalfClose");
        assertThat(summary.outcomes().count(ConnectionOutcome.CLOSED_EARLY)).isEqualTo(20);
    }

    @Test
    void aServerThatDoesNotReadIsNotCalledSlow() throws Exception {
        Summary summary = run(
                each(socket -> {
                    var _ = socket.getInputStream().readNBytes(1_000);
                }),
                """
                connections: 3
                load: {closed: {concurrency: 3}}
                mix: [{name: only, exchanges: 1, request: 8MiB, close: {by: client, how: fin}}]
                client: {exchangeTimeout: 700ms}
                """);

        assertThat(causes(summary)).containsExactly("zeroWindow");
        assertThat(summary.causes().getFirst().acknowledgedBytes()).isNotNull();
    }

    /** The idle timeout is measured, and neither a reset nor a CLOSE_WAIT of ours comes of it: nstat's and ss's figures. */
    @Test
    void anIdleTimeoutIsMeasuredAndCostsNoResetOfOurs() throws Exception {
        Summary summary = run(
                each(socket -> {
                    socket.getOutputStream().write(socket.getInputStream().readNBytes(64));
                    TimeUnit.MILLISECONDS.sleep(400);
                    socket.close();
                }),
                SHORT.replace("exchanges: 1", "exchanges: 2, think: 3s"));

        assertThat(causes(summary)).containsExactly("closedWhileIdle");
        assertThat(codes(summary)).contains("idleClosed");
        Measured.Cause cause = summary.causes().getFirst();
        assertThat(cause.count()).isEqualTo(20);
        assertThat(Objects.requireNonNull(cause.idleMillis()).min()).isBetween(300.0, 450.0);
        assertThat(server(summary).counter(KernelCounter.OUT_RESETS)).isZero();
        assertThat(server(summary).atEnd("CLOSE_WAIT")).isZero();
        assertThat(shown("nstat", "-asz", "TcpOutRsts")).containsPattern("TcpOutRsts +0 ");
        assertThat(shown("ss", "-Htan", "state", "close-wait")).isEmpty();
    }

    private String shown(String... command) throws IOException {
        Assumptions.assumeTrue(Programs.find(command[0]).isPresent(), "needs " + command[0] + " of iproute2");
        return Programs.run(namespace, "", command);
    }

    @Test
    void secondsInWhichNothingIsAcceptedAreSaid() throws Exception {
        Summary summary = run(
                listener -> {
                    Server all = each(FieldIT::echo);
                    for (int i = 0; i < 30; i++) {
                        Socket socket = listener.accept();
                        kept.add(socket);
                        inBackground(() -> echo(socket));
                    }
                    TimeUnit.MILLISECONDS.sleep(1_700);
                    all.serve(listener);
                },
                """
                duration: 3s
                load: {open: {rate: 50/s}}
                mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                """);

        assertThat(codes(summary)).contains("nothingAccepted").doesNotContain("acceptQueueOverflowed");
        KernelFigures.Stretch pause = Objects.requireNonNull(
                Objects.requireNonNull(server(summary).acceptQueue()).nothingAccepted());
        assertThat(pause.toSecond() - pause.fromSecond()).isBetween(1.0, 2.5);
    }

    /** The kernel resets what waits in a queue whose socket is closed (inet_csk_listen_stop(), net/ipv4/inet_connection_sock.c). */
    @Test
    void aListenerThatGoesAwayIsNamedWithWhatItLost() throws Exception {
        Summary summary = run(
                listener -> {
                    waiting(listener, 40);
                    TimeUnit.MILLISECONDS.sleep(500);
                    listener.close();
                },
                """
                duration: 4s
                load: {hold: {connections: 40}}
                mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                """);

        assertThat(codes(summary)).contains("listenerWentAway");
        assertThat(server(summary).listeners().getFirst())
                .returns(40L, listener -> listener.last())
                .returns(false, listener -> listener.open());
        assertThat(server(summary).counter(KernelCounter.OUT_RESETS)).isGreaterThanOrEqualTo(40);
        assertThat(summary.outcomes().count(ConnectionOutcome.RESET)).isEqualTo(40);
    }

    /** Not loopback, and on this host all the same. */
    @Test
    void aListenerOnAnotherAddressOfThisHostIsNamedToo() throws Exception {
        Assumptions.assumeTrue(Programs.find("ip").isPresent(), "needs ip of iproute2");
        var _ = Programs.run(namespace, "", "ip", "address", "add", "198.18.3.3/32", "dev", "lo");
        Summary summary = namespace.call(() -> {
            try (ServerSocket listener = new ServerSocket(0, 77, InetAddress.ofLiteral("198.18.3.3"))) {
                inBackground(() -> each(FieldIT::echo).serve(listener));
                return IsolatedRun.onHost(Profiles.of(
                        "name: field\nprotocol: echo\ntarget: 198.18.3.3:" + listener.getLocalPort() + "\n" + SHORT));
            }
        });

        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(20);
        assertThat(server(summary).listeners())
                .singleElement()
                .returns(77L, each -> each.limit())
                .returns(ProcessHandle.current().pid(), each -> each.pid());
        assertThat(codes(summary)).doesNotContain("acceptQueueFull", "closeWaitStays", "resetsByUnreadData");
    }

    /** What is translated to a server in another namespace is not said of whoever has the address here. */
    @Test
    void aListenerThatATranslationOfAddressesPassesByIsSaidNothingOf() throws Exception {
        Assumptions.assumeTrue(Programs.find("nft").isPresent(), "needs nft of nftables");
        try (NamespacePair pair = NamespacePair.create();
                ServerSocket behind = pair.server()
                        .call(() -> new ServerSocket(9000, 50, InetAddress.ofLiteral(NamespacePair.SERVER_ADDRESS)))) {
            inBackground(() -> each(FieldIT::echo).serve(behind));
            try {
                var _ = Programs.run(pair.client(), """
                        table ip passes { chain out { type nat hook output priority -100;
                          ip daddr 198.18.0.1 tcp dport 9000 dnat to 198.18.0.2:9000; }; }
                        """, "nft", "-f", "-");
            } catch (IOException e) {
                Assumptions.abort("this kernel translates no addresses: " + e.getMessage());
            }
            Summary summary = pair.client().call(() -> {
                try (ServerSocket here = new ServerSocket(9000, 77, InetAddress.ofLiteral("198.18.0.1"))) {
                    assertThat(here.isBound()).isTrue();
                    return IsolatedRun.onHost(
                            Profiles.of("name: field\nprotocol: echo\ntarget: 198.18.0.1:9000\n" + SHORT));
                }
            });

            assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(20);
            assertThat(summary.kernel().server())
                    .as("not observed, and not idle")
                    .isNull();
            assertThat(codes(summary)).doesNotContain("acceptQueueFull", "closeWaitStays", "resetsByUnreadData");
        }
    }

    /** Two programs have one port number, each on an address of its own; one of them forgets to close. ss sees all of the port. */
    @Test
    void whatAnotherProgramOfThePortForgetsToCloseIsNotTheServers() throws Exception {
        Summary summary = run(
                listener -> {
                    InetAddress second = InetAddress.ofLiteral("127.0.0.2");
                    ServerSocket other = new ServerSocket(listener.getLocalPort(), 50, second);
                    for (int i = 0; i < 20; i++) {
                        new Socket(second, listener.getLocalPort()).close();
                        kept.add(other.accept());
                    }
                    each(FieldIT::echo).serve(listener);
                },
                SHORT);

        assertThat(shown("ss", "-Htan", "state", "close-wait").lines()).hasSize(20);
        assertThat(server(summary).atEnd("CLOSE_WAIT")).isZero();
        assertThat(server(summary).peakStates()).doesNotContainKey("CLOSE_WAIT");
        assertThat(Objects.requireNonNull(summary.kernel().client()).timeWait().peak())
                .as("ours, and none of the other's clients'")
                .isLessThanOrEqualTo(20);
        assertThat(codes(summary)).doesNotContain("closeWaitStays");
    }

    /** A firewall that forgets a connection drops what follows without a word: neither the server nor its code is to blame. */
    @Test
    void aFirewallThatForgetsIdleConnectionsIsNotCalledASlowServer() throws Exception {
        Assumptions.assumeTrue(Programs.find("nft").isPresent(), "needs nft of nftables");
        Summary summary = run(
                listener -> {
                    String known = "ip daddr . tcp sport . tcp dport";
                    var _ = Programs.run(namespace, """
                    table ip forgets {
                      set known { type ipv4_addr . inet_service . inet_service; flags dynamic,timeout; timeout 500ms; }
                      chain out {
                        type filter hook output priority 0;
                        tcp dport %1$d tcp flags syn update @known { %2$s timeout 500ms } accept
                        tcp dport %1$d %2$s @known update @known { %2$s timeout 500ms } accept
                        tcp dport %1$d drop
                      }
                    }
                    """.formatted(listener.getLocalPort(), known), "nft", "-f", "-");
                    each(FieldIT::echo).serve(listener);
                },
                """
                connections: 5
                load: {closed: {concurrency: 5}}
                mix: [{name: only, exchanges: 2, think: 1500ms, request: 64B, close: {by: client, how: fin}}]
                client: {exchangeTimeout: 900ms, closeTimeout: 900ms}
                """);

        assertThat(causes(summary)).contains("notAcknowledged").doesNotContain("notAnswered", "finNotAnswered");
        assertThat(Objects.requireNonNull(summary.causes().getFirst().idleMillis())
                        .min())
                .isGreaterThanOrEqualTo(1_490);
    }

    private static Map<String, @Nullable Object> evidence(Summary summary, String code) {
        return summary.warnings().stream()
                .filter(warning -> warning.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + codes(summary)))
                .evidence();
    }

    /** A connection that no accept() takes is established and acknowledged by the kernel alone: ss's Recv-Q of the listener. */
    @Test
    void whatIsNeverAcceptedIsNotCalledSlow() throws Exception {
        List<String> queue = new ArrayList<>();
        Summary summary = run(
                listener -> {
                    TimeUnit.MILLISECONDS.sleep(600);
                    queue.add(shown("ss", "-Hltn"));
                    TimeUnit.SECONDS.sleep(60);
                },
                SHORT + "client: {exchangeTimeout: 1500ms, closeTimeout: 500ms}\n");

        assertThat(summary.outcomes().count(ConnectionOutcome.EXCHANGE_TIMED_OUT))
                .isEqualTo(20);
        assertThat(evidence(summary, "exchangesTimedOut"))
                .containsEntry("notAnswered", 20L)
                .containsEntry("stillQueued", 20L);
        assertThat(codes(summary)).doesNotContain("closeWaitStays");
        assertThat(queue).singleElement().asString().containsPattern("LISTEN +20 +200 ");
    }

    private static Server inTwoParts(boolean noDelay) {
        return listener -> {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(noDelay);
                inBackground(() -> {
                    for (byte[] request = socket.getInputStream().readNBytes(64);
                            request.length == 64;
                            request = socket.getInputStream().readNBytes(64)) {
                        socket.getOutputStream().write(request, 0, 32);
                        socket.getOutputStream().write(request, 32, 32);
                    }
                    socket.close();
                });
            }
        };
    }

    @Test
    void aResponseInTwoPartsWaitsForTheDelayedAckUnlessItIsToldNotTo() throws Exception {
        String many = SHORT.replace("connections: 20", "connections: 4")
                .replace("concurrency: 20", "concurrency: 2")
                .replace("exchanges: 1", "exchanges: 40");
        Summary waits = run(inTwoParts(false), many);
        Double p50 = waits.latencies().of(Metric.SERVICE).p50Micros();
        Assumptions.assumeTrue(p50 != null && p50 < 60_000, "this machine is too busy to show 40 ms as 40 ms");

        assertThat(codes(waits)).contains("nagleMeetsDelayedAck");
        assertThat(Long.parseLong(shown("nstat", "-asz", "TcpExtDelayedACKs")
                        .replaceAll("(?s).*TcpExtDelayedACKs +(\\d+).*", "$1")))
                .isGreaterThan(130);
        assertThat(codes(run(inTwoParts(true), many))).doesNotContain("nagleMeetsDelayedAck");
    }

    @Test
    void aResetBehindTheResponseIsNotOneBeforeIt() throws Exception {
        Summary after = run(
                each(socket -> {
                    socket.getOutputStream().write(socket.getInputStream().readNBytes(64));
                    var _ = socket.getInputStream().readAllBytes();
                    socket.setSoLinger(true, 0);
                    socket.close();
                }),
                SHORT);
        Summary before = run(
                each(socket -> {
                    var _ = socket.getInputStream().readNBytes(64);
                    socket.setSoLinger(true, 0);
                    socket.close();
                }),
                SHORT);

        assertThat(evidence(after, "connectionsReset"))
                .containsEntry("afterResponse", 20L)
                .containsEntry("beforeResponse", 0L);
        assertThat(evidence(before, "connectionsReset"))
                .containsEntry("afterResponse", 0L)
                .containsEntry("beforeResponse", 20L);
    }
}
