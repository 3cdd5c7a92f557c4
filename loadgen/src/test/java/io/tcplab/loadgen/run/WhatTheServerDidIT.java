package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers on loopback of a namespace of their own: what they did, and what was done to them, is told apart. */
@Timeout(60)
class WhatTheServerDidIT {

    private final List<ServerSocket> opened = new CopyOnWriteArrayList<>();
    private NetworkNamespace namespace;

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("did");
    }

    @AfterEach
    void end() throws IOException {
        for (ServerSocket each : opened) {
            each.close();
        }
        namespace.close();
    }

    private interface Work {
        void run() throws Exception;
    }

    /** On a platform thread, which lives in the namespace. */
    private static void inBackground(Work work) {
        Thread.ofPlatform().daemon(true).start(() -> {
            try {
                work.run();
            } catch (Exception _) {
                // the peer, or the test, has closed
            }
        });
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        opened.add(listener);
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 200);
        return listener;
    }

    private static void echo(ServerSocket listener) throws IOException {
        while (true) {
            Socket socket = listener.accept();
            inBackground(() -> {
                try (socket) {
                    for (byte[] request = socket.getInputStream().readNBytes(64);
                            request.length == 64;
                            request = socket.getInputStream().readNBytes(64)) {
                        socket.getOutputStream().write(request);
                    }
                }
            });
        }
    }

    private static Summary run(int port, String rest) throws Exception {
        return IsolatedRun.onHost(Profiles.of("name: did\nprotocol: echo\ntarget: 127.0.0.1:" + port + "\n" + rest));
    }

    private static Verdict.Warning warning(Summary summary, String code) {
        return summary.warnings().stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + summary.warnings()));
    }

    /** The kernel of the server sends its segments again (nstat's TcpRetransSegs): it has answered. */
    @Test
    void answersThatAreDroppedOnTheWayAreNotLaidToASlowServer() throws Exception {
        Assumptions.assumeTrue(Programs.find("nft").isPresent(), "needs nft of nftables");
        Summary summary = namespace.call(() -> {
            ServerSocket listener = listen(0);
            var _ = Programs.run(namespace, """
                    table ip drops {
                      chain in {
                        type filter hook input priority 0;
                        tcp sport %d tcp flags & psh == psh drop
                      }
                    }
                    """.formatted(listener.getLocalPort()), "nft", "-f", "-");
            inBackground(() -> echo(listener));
            return run(listener.getLocalPort(), """
                    connections: 5
                    load: {closed: {concurrency: 5}}
                    mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                    client: {exchangeTimeout: 1500ms, closeTimeout: 500ms}
                    """);
        });

        assertThat(summary.outcomes().count(ConnectionOutcome.EXCHANGE_TIMED_OUT))
                .isEqualTo(5);
        assertThat(summary.causes()).extracting(Measured.Cause::cause).containsExactly("notAnswered");
        assertThat(warning(summary, "exchangesTimedOut").message()).contains("kernel sent", "segments again");
        assertThat(warning(summary, "exchangesTimedOut").advice())
                .startsWith("the requests arrived, and segments are lost");
    }

    /** It takes 64 KiB every 50 ms: closed as its window may be when the time is over, it has been open again and again. */
    @Test
    void aServerThatReadsSlowlyIsNotSaidToHaveStopped() throws Exception {
        Summary summary = namespace.call(() -> {
            ServerSocket listener = listen(0);
            inBackground(() -> {
                try (Socket socket = listener.accept()) {
                    while (socket.getInputStream().readNBytes(65_536).length > 0) {
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                }
            });
            return run(listener.getLocalPort(), """
                    connections: 1
                    load: {closed: {concurrency: 1}}
                    mix: [{name: only, exchanges: 1, request: 64MiB, close: {by: client, how: fin}}]
                    client: {exchangeTimeout: 2s, closeTimeout: 500ms}
                    """);
        });

        assertThat(summary.causes()).extracting(Measured.Cause::cause).containsExactly("readSlowly");
    }

    /** Its old connections are served on; what comes until another socket listens is refused. */
    @Test
    void aServerThatIsStartedAgainIsNamedWithWhatItRefused() throws Exception {
        Summary summary = namespace.call(() -> {
            ServerSocket first = listen(0);
            int port = first.getLocalPort();
            inBackground(() -> echo(first));
            inBackground(() -> {
                TimeUnit.MILLISECONDS.sleep(1_200);
                first.close();
                TimeUnit.MILLISECONDS.sleep(700);
                echo(listen(port));
            });
            return run(port, """
                    duration: 3s
                    load: {open: {rate: 100/s}}
                    mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                    """);
        });

        assertThat(summary.outcomes().count(ConnectionOutcome.REFUSED)).isPositive();
        Verdict.Warning found = warning(summary, "listenerWentAway");
        assertThat(found.message()).contains("stopped listening at", "connects were refused, from");
        assertThat(found.evidence()).containsEntry("refused", summary.outcomes().count(ConnectionOutcome.REFUSED));
        assertThat(Objects.requireNonNull(summary.kernel().server()).listeners())
                .hasSize(2);
    }

    /** The zone stands for the interface; the kernel's tables have the address without it. */
    @Test
    void aLinkLocalTargetIsReachedByItsInterfaceAndItsListenerIsSeen() throws Exception {
        Assumptions.assumeTrue(Programs.find("ip").isPresent(), "needs ip of iproute2");
        var _ = Programs.run(namespace, "", "ip", "address", "add", "fe80::7/64", "dev", "lo", "nodad");
        Summary summary = namespace.call(() -> {
            ServerSocket listener = new ServerSocket();
            opened.add(listener);
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral("fe80::7%1"), 0), 77); // lo
            inBackground(() -> echo(listener));
            return IsolatedRun.onHost(Profiles.of("""
                    name: did
                    protocol: echo
                    target: "[fe80::7%%1]:%d"
                    connections: 20
                    load: {closed: {concurrency: 5}}
                    mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                    """.formatted(listener.getLocalPort())));
        });

        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(20);
        SideFigures server = Objects.requireNonNull(summary.kernel().server());
        assertThat(server.listeners()).singleElement().returns(77L, ListenerFigures::limit);
        assertThat(Objects.requireNonNull(summary.kernel().client()).timeWait().last())
                .isEqualTo(20);
    }

    /** As REDIRECT does it: the listener has another port, and nothing is said of a queue that was not seen. */
    @Test
    void aPortThatIsRedirectedIsNamedAsThatAndNoListenerIsAccused() throws Exception {
        Assumptions.assumeTrue(Programs.find("nft").isPresent(), "needs nft of nftables");
        List<String> found = new CopyOnWriteArrayList<>();
        Summary summary = namespace.call(() -> {
            ServerSocket listener = listen(0);
            int other = listener.getLocalPort() == 8_000 ? 8_001 : 8_000;
            try {
                var _ = Programs.run(namespace, """
                        table ip redirects {
                          chain out {
                            type nat hook output priority -100;
                            tcp dport %d redirect to :%d
                          }
                        }
                        """.formatted(other, listener.getLocalPort()), "nft", "-f", "-");
            } catch (IOException e) {
                Assumptions.abort("this kernel translates no addresses: " + e.getMessage());
            }
            inBackground(() -> echo(listener));
            found.add(Preflight.of(
                            Profiles.of("load: {open: {rate: 100/s}}\nmix: [{name: only}]\n"),
                            Endpoint.parse("127.0.0.1:" + other),
                            List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), other)),
                            false,
                            false)
                    .sentence());
            return run(other, """
                    connections: 20
                    load: {closed: {concurrency: 5}}
                    mix: [{name: only, exchanges: 1, request: 64B, close: {by: client, how: fin}}]
                    """);
        });

        assertThat(found).singleElement().asString().contains("accepts connections", "is translated on the way");
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(20);
        assertThat(summary.kernel().server()).isNotNull();
        assertThat(Objects.requireNonNull(summary.kernel().server()).listeners())
                .isEmpty();
        assertThat(summary.warnings())
                .extracting(Verdict.Warning::code)
                .doesNotContain(
                        "acceptQueueFull",
                        "acceptQueueOverflowed",
                        "closeWaitStays",
                        "resetsByUnreadData",
                        "foreignTraffic");
    }

    /** A name with two addresses, of which the first is nobody's. */
    @Test
    void anAddressThatTakesNothingIsNamedBesideTheOneThatDoes() throws Exception {
        String sentence = namespace.call(() -> {
            ServerSocket listener = listen(0);
            int port = listener.getLocalPort();
            List<InetSocketAddress> both = List.of(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), port),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return Preflight.of(
                            Profiles.of("load: {open: {rate: 100/s}}\nmix: [{name: only}]\n"),
                            Endpoint.parse("two.example:" + port),
                            both,
                            false,
                            false)
                    .sentence();
        });

        assertThat(sentence)
                .contains("listens on this host")
                .containsPattern("; no connection to 127\\.0\\.0\\.9:\\d+: connection refused \\(ECONNREFUSED\\)\\.$");
    }
}
