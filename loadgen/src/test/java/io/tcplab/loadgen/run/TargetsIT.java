package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.report.text.TextReport;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TargetFigures;
import io.tcplab.loadgen.result.TlsFigures;
import io.tcplab.loadgen.result.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One load on several servers: each has its share of the connections, and the result has each by itself. */
@OverEachTransport
@Timeout(90)
class TargetsIT {

    private static final int CONNECTIONS = 400;

    @TempDir
    private Path home;

    /** Gives back what comes, and counts those who came. */
    private static final class EchoServer implements AutoCloseable {
        private final ServerSocket listener;
        private final AtomicInteger accepted = new AtomicInteger();

        EchoServer(String address, int backlog) throws IOException {
            listener = new ServerSocket(0, backlog, InetAddress.ofLiteral(address));
            Thread.ofPlatform().daemon(true).start(this::serve);
        }

        private void serve() {
            while (true) {
                try (Socket socket = listener.accept()) {
                    accepted.incrementAndGet();
                    byte[] bytes = new byte[64];
                    InputStream in = socket.getInputStream();
                    for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                        socket.getOutputStream().write(bytes, 0, read);
                    }
                } catch (IOException _) {
                    if (listener.isClosed()) {
                        return;
                    }
                }
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private interface Work<T> {
        T in(EchoServer four, EchoServer six) throws Exception;
    }

    /** With a server of each family in a namespace where nobody else counts. */
    private static <T> T withServers(Work<T> work) throws Exception {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        try (NetworkNamespace namespace = NetworkNamespace.create("targets")) {
            return namespace.call(() -> {
                try (EchoServer four = new EchoServer("127.0.0.1", 50);
                        EchoServer six = new EchoServer("::1", 60)) {
                    return work.in(four, six);
                }
            });
        }
    }

    private static Summary run(EchoServer four, EchoServer six, String more) throws Exception {
        return IsolatedRun.onHost(Profiles.of("""
                name: targets
                targets: [{at: 127.0.0.1:%d, weight: 3}, {at: "[::1]:%d"}]
                connections: %d
                seed: 7
                load: {closed: {concurrency: 2}}
                protocol: echo
                mix: [{name: one, exchanges: 1}, {name: two, exchanges: 2, close: {by: client, how: rst}}]
                %s
                """.formatted(four.port(), six.port(), CONNECTIONS, more)));
    }

    @Test
    void eachTargetHasItsShareOfTheConnections() throws Exception {
        withServers((four, six) -> {
            Summary summary = run(four, six, "");

            assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                    .as("%s", summary.causes())
                    .isEqualTo(CONNECTIONS);
            assertThat(summary.targets()).hasSize(2);
            TargetFigures most = summary.targets().getFirst();
            TargetFigures least = summary.targets().getLast();
            assertThat(most.outcomes().started()).isEqualTo(four.accepted.get());
            assertThat(least.outcomes().started()).isEqualTo(six.accepted.get());
            assertThat((double) most.outcomes().started()).isCloseTo(CONNECTIONS * 0.75, within(3.0));
            assertThat(most.share()).isEqualTo(0.75);
            assertThat(most.outcomes().plus(least.outcomes())).isEqualTo(summary.outcomes());
            assertThat(most.exchanges().answered() + least.exchanges().answered())
                    .isEqualTo(summary.exchanges().answered());
            for (TargetFigures each : summary.targets()) {
                assertThat(Objects.requireNonNull(each.latencies())
                                .of(Metric.CONNECT)
                                .count())
                        .isEqualTo(each.outcomes().started());
                assertThat(each.latencies().of(Metric.RESPONSE).count())
                        .isEqualTo(each.exchanges().answered());
            }
            return null;
        });
    }

    @Test
    void theKernelsViewIsEachListenersOwnAndTheBooksBalance() throws Exception {
        withServers((four, six) -> {
            Summary summary = run(four, six, "");

            assertThat(summary.targets())
                    .extracting(each -> limit(each.kernel()))
                    .containsExactly(50L, 60L);
            assertThat(summary.targets())
                    .extracting(TargetFigures::address)
                    .containsExactly("127.0.0.1:" + four.port(), "[::1]:" + six.port());
            assertThat(Objects.requireNonNull(summary.kernel().server()).listeners())
                    .hasSize(2);
            assertThat(summary.reconciliation())
                    .as("our counts are the kernel's: %s", summary.reconciliation())
                    .isNotEmpty()
                    .allMatch(Reconciled::agrees);
            assertThat(Objects.requireNonNull(summary.target()).address()).isNull();
            assertThat(summary.target().asked()).isEqualTo("127.0.0.1:" + four.port() + ", [::1]:" + six.port());
            String text = TextReport.render(summary, null, null, Ink.of(false, Map.of()));
            assertThat(text).contains("Targets").contains("[::1]:" + six.port());
            return null;
        });
    }

    private static long limit(TargetFigures.@Nullable Kernel kernel) {
        return Objects.requireNonNull(Objects.requireNonNull(kernel).acceptQueue())
                .limit();
    }

    @Test
    void thresholdsMayNameATarget() throws Exception {
        withServers((four, six) -> {
            Summary summary = run(four, six, """
                    thresholds:
                    - targets.127.0.0.1:%1$d.connect.p99 < 10s
                    - targets.127.0.0.1:%1$d.connect.p99 > 10s
                    - targets[[::1]:%2$d].outcomes.completed < 150
                    - targets[[::1]:%2$d].server.acceptQueue.limit == 60
                    """.formatted(four.port(), six.port()));
            assertThat(summary.thresholds())
                    .extracting(Verdict.ThresholdResult::passed)
                    .containsExactly(true, false, true, true);
            assertThat(summary.thresholds())
                    .extracting(Verdict.ThresholdResult::actual)
                    .doesNotContainNull();
            return null;
        });
    }

    @Test
    void theSameSeedSendsTheSameConnectionsToTheSameTargets() throws Exception {
        withServers((four, six) -> {
            List<Outcomes> first = run(four, six, "").targets().stream()
                    .map(TargetFigures::outcomes)
                    .toList();
            assertThat(run(four, six, "").targets())
                    .extracting(TargetFigures::outcomes)
                    .isEqualTo(first);
            return null;
        });
    }

    @Test
    void aTargetWhereNobodyListensIsNamedBeforeTheRun() throws Exception {
        withServers((four, six) -> {
            six.close();
            assertThatThrownBy(() -> run(four, six, ""))
                    .isInstanceOf(CannotRun.class)
                    .hasMessageContaining("Nothing accepts connections at [::1]:" + six.port());
            assertThat(four.accepted).hasValue(0);
            return null;
        });
    }

    /** A name may have addresses of both families: those of the other one cannot be reached from there. */
    @Test
    void aTargetIsTakenByAnAddressOfTheSourcesFamily() throws Exception {
        withServers((four, six) -> {
            Profile profile = Profiles.of("""
                    load: {closed: {concurrency: 1}}
                    connections: 1
                    target: localhost:%d
                    client: {sources: ["::1"]}
                    mix: [{name: a}]
                    """.formatted(six.port()));
            Endpoint asked = Endpoint.parse("localhost:" + six.port());
            List<InetSocketAddress> both =
                    List.of(new InetSocketAddress("127.0.0.1", four.port()), new InetSocketAddress("::1", six.port()));
            assertThat(Preflight.of(profile, asked, both, false, false).address())
                    .isEqualTo(both.getLast());
            assertThatThrownBy(() -> Preflight.of(profile, asked, both.subList(0, 1), false, false))
                    .isInstanceOf(CannotRun.class)
                    .hasMessageContaining("has no address of that family");
            return null;
        });
    }

    /** A ticket of one server means nothing to another: offered there, the handshake would be a full one. */
    @Test
    void sessionsAreResumedWithTheServerThatGaveThem() throws Exception {
        try (TlsCompanion one = new TlsCompanion(ServedProtocol.ECHO, CloseOnAccept.NONE);
                TlsCompanion other = new TlsCompanion(ServedProtocol.ECHO, CloseOnAccept.NONE)) {
            Summary summary = IsolatedRun.onHost(Profiles.of(
                    """
                    name: tls-targets
                    targets: [{at: 127.0.0.1:%d}, {at: 127.0.0.1:%d}]
                    connections: 200
                    load: {closed: {concurrency: 2}}
                    protocol: echo
                    mix: [{name: only, exchanges: 1}]
                    tls: {insecure: true, resume: 50%%}
                    client: {connectTimeout: 60s, exchangeTimeout: 60s}
                    """.formatted(one.address().getPort(), other.address().getPort())));
            assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                    .as("%s", summary.causes())
                    .isEqualTo(200);
            TlsFigures tls = Objects.requireNonNull(summary.tls());
            assertThat(tls.resumed()).isEqualTo(tls.offeredResume()).isBetween(90L, 100L);
            long ofOne = one.counts().tlsResumed();
            assertThat(ofOne).isBetween(40L, 60L);
            assertThat(ofOne + other.counts().tlsResumed()).isEqualTo(tls.resumed());
        }
    }

    @Test
    void statusesOfEachMembersOwnTargetAreThatServersLog() throws Exception {
        try (WebServer nginx = WebServer.start(WebServer.Kind.NGINX, directory("nginx"), "");
                WebServer node = WebServer.start(WebServer.Kind.NODE, directory("node"), "")) {
            Summary summary = IsolatedRun.onHost(Profiles.of("""
                    name: members
                    target: localhost:%d
                    connections: 60
                    load: {closed: {concurrency: 4}}
                    mix:
                    - {name: files, exchanges: 3, http: {path: /1k}}
                    - {name: absent, exchanges: 2, target: 127.0.0.1:%d, http: {path: /absent, expect: {status: 404}}}
                    """.formatted(nginx.port, node.port)));

            assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                    .as("%s", summary.causes())
                    .isEqualTo(60);
            assertThat(statuses(summary.targets().getFirst().http())).isEqualTo(counted(nginx.served()));
            assertThat(statuses(summary.targets().getLast().http())).isEqualTo(counted(node.served()));
            assertThat(summary.mixes())
                    .extracting(mix -> statuses(mix.http()).keySet().iterator().next())
                    .containsExactly("200", "404");
            assertThat(summary.targets().getFirst().addresses()).contains("127.0.0.1:" + nginx.port);
        }
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    private static Map<String, Long> statuses(Measured.@Nullable Http http) {
        return new TreeMap<>(Objects.requireNonNull(http).statuses());
    }

    private static Map<String, Long> counted(List<String> served) {
        return served.stream()
                .map(line -> line.substring(0, 3))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
}
