package io.tcplab.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.namespace.Isolation;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SockDiagIT {
    enum Way {
        BOTH_FAMILIES_AT_ONCE,
        BY_FAMILY,
        OVER_PROC;

        SockDiag open() {
            return new SockDiag(this == OVER_PROC ? null : DiagSocket.open().socket(), this == BY_FAMILY);
        }
    }

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @ParameterizedTest
    @EnumSource
    void acceptQueueHoldsOneMoreThanItsLimit(Way way) throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket server = namespace.call(() -> new ServerSocket(0, 16, LOOPBACK))) {
            int port = server.getLocalPort();
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 17; i++) {
                clients.add(namespace.call(() -> new Socket(LOOPBACK, port)));
            }
            ListenerReading listener = namespace.call(() -> {
                try (SockDiag diag = way.open()) {
                    return Eventually.read(() -> diag.listener(port).orElseThrow(), l -> l.acceptQueueLength() == 17);
                }
            });
            assertThat(listener.acceptQueueLength()).isEqualTo(17);
            assertThat(listener.port()).isEqualTo(port);
            assertThat(listener.acceptQueueLimit()).isEqualTo(way == Way.OVER_PROC ? ListenerReading.UNKNOWN : 16);
            assertThat(listener.drops()).isEqualTo(way == Way.OVER_PROC ? ListenerReading.UNKNOWN : 0);
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void timeWaitIsCountedBySideAndPortAsSsCountsIt(Way way) throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket byClient = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK));
                ServerSocket byServer = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK))) {
            closeSome(namespace, byClient, 23, true);
            closeSome(namespace, byServer, 7, false);
            try (SockDiag diag = namespace.call(way::open)) {
                PortCounts client = counted(namespace, diag, byClient.getLocalPort(), 23);
                PortCounts server = counted(namespace, diag, byServer.getLocalPort(), 7);
                assertThat(client.exact()).isTrue();
                assertThat(inSlices(namespace, diag, byClient)).isEqualTo(client);
                assertThat(inSlices(namespace, diag, byServer)).isEqualTo(server);
                assertThat(client.client().count(TcpState.TIME_WAIT)).isEqualTo(23);
                assertThat(client.server().count(TcpState.TIME_WAIT)).isZero();
                assertThat(client.server().count(TcpState.LISTEN)).isEqualTo(1);
                assertThat(server.client().count(TcpState.TIME_WAIT)).isZero();
                assertThat(server.server().count(TcpState.TIME_WAIT)).isEqualTo(7);
                StateCounts all = namespace.call(() -> diag.counts(SocketFilter.all()));
                assertThat(all.count(TcpState.TIME_WAIT)).isEqualTo(30).isEqualTo(ssTimeWait(namespace));
                assertThat(namespace
                                .call(() -> diag.counts(SocketFilter.remotePort(byClient.getLocalPort())))
                                .total())
                        .isEqualTo(23);
            }
        }
    }

    /** Two programs have one port number, each on an address of its own; a client of IPv4 may have an IPv6 socket. */
    @ParameterizedTest
    @EnumSource
    void socketsOfAnotherAddressOfThePortAreNotTheTargets(Way way) throws Exception {
        InetAddress second = InetAddress.ofLiteral("127.0.0.2");
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket one = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK));
                ServerSocket other = namespace.call(() -> new ServerSocket(one.getLocalPort(), 50, second))) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ServerSocket to = i < 2 ? one : other;
                open.add(namespace.call(() -> new Socket(to.getInetAddress(), to.getLocalPort())));
                open.add(to.accept());
            }
            try (SockDiag diag = namespace.call(way::open)) {
                Set<TcpState> established = EnumSet.of(TcpState.ESTABLISHED);
                int port = one.getLocalPort();
                assertThat(namespace.call(() -> diag.portCounts(port, established)))
                        .returns(5, each -> each.client().count(TcpState.ESTABLISHED))
                        .returns(5, each -> each.server().count(TcpState.ESTABLISHED));
                assertThat(namespace.call(() -> diag.portCounts(port, LOOPBACK, established)))
                        .returns(2, each -> each.client().count(TcpState.ESTABLISHED))
                        .returns(2, each -> each.server().count(TcpState.ESTABLISHED));
                assertThat(namespace.call(() -> diag.portCounts(port, second, established)))
                        .returns(3, each -> each.client().count(TcpState.ESTABLISHED))
                        .returns(3, each -> each.server().count(TcpState.ESTABLISHED));
            }
            for (Socket each : open) {
                each.close();
            }
        }
    }

    private static PortCounts inSlices(NetworkNamespace namespace, SockDiag diag, ServerSocket server)
            throws Exception {
        return namespace.call(
                () -> diag.portCountsInSlices(server.getLocalPort(), null, SockDiag.ALL_STATES, new Slices()));
    }

    private static PortCounts counted(NetworkNamespace namespace, SockDiag diag, int port, int timeWaits)
            throws Exception {
        return namespace.call(() -> Eventually.read(
                () -> diag.portCounts(port),
                counts -> counts.client().count(TcpState.TIME_WAIT)
                                + counts.server().count(TcpState.TIME_WAIT)
                        == timeWaits));
    }

    private static void closeSome(NetworkNamespace namespace, ServerSocket server, int count, boolean clientFirst)
            throws Exception {
        for (int i = 0; i < count; i++) {
            Socket client = namespace.call(() -> new Socket(LOOPBACK, server.getLocalPort()));
            Socket accepted = server.accept();
            Socket first = clientFirst ? client : accepted;
            Socket second = clientFirst ? accepted : client;
            first.close();
            assertThat(second.getInputStream().read()).isEqualTo(-1);
            second.close();
        }
    }

    private static int ssTimeWait(NetworkNamespace namespace) throws IOException {
        Process ss = namespace.start(new ProcessBuilder("ss", "-Htan", "state", "time-wait"));
        return (int) new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void socketsAreListedWithTheirEndsAndTimers(Way way) throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket server = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK));
                Socket open = namespace.call(() -> new Socket(LOOPBACK, server.getLocalPort()));
                Socket accepted = server.accept()) {
            closeSome(namespace, server, 1, true);
            try (SockDiag diag = namespace.call(way::open)) {
                SocketReading waiting = namespace
                        .call(() -> Eventually.read(
                                () -> diag.sockets(
                                        SocketFilter.remotePort(server.getLocalPort()), Set.of(TcpState.TIME_WAIT)),
                                list -> list.size() == 1))
                        .getFirst();
                assertThat(waiting.timer()).isEqualTo(SocketTimer.TIME_WAIT);
                assertThat(waiting.timerMillis()).isBetween(30_000L, 62_000L);
                assertThat(waiting.inode()).isZero();
                SocketReading client = namespace
                        .call(() -> diag.sockets(
                                SocketFilter.remotePort(server.getLocalPort()), Set.of(TcpState.ESTABLISHED)))
                        .getFirst();
                assertThat(client.local()).isEqualTo(new InetSocketAddress(LOOPBACK, open.getLocalPort()));
                assertThat(client.remote()).isEqualTo(new InetSocketAddress(LOOPBACK, server.getLocalPort()));
                assertThat(accepted.getPort()).isEqualTo(client.local().getPort());
                assertThat(client.inode()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void halfOpenConnectionsAreTheSynQueue(Way way) throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                NativeSocket listener = namespace.call(NativeSocket::open)) {
            // Until data comes, TCP_DEFER_ACCEPT leaves the connection half-open at the server (tcp(7)).
            assertThat(listener.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_DEFER_ACCEPT, 30))
                    .isEqualTo(Errno.OK);
            assertThat(listener.bind(new InetSocketAddress(LOOPBACK, 0))).isEqualTo(Errno.OK);
            assertThat(listener.listen(5)).isEqualTo(Errno.OK);
            int port = listener.localAddress().orElseThrow().getPort();
            try (Socket client = namespace.call(() -> new Socket(LOOPBACK, port));
                    SockDiag diag = namespace.call(way::open)) {
                assertThat(client.isConnected()).isTrue();
                PortCounts counts = namespace.call(() -> diag.portCounts(port));
                assertThat(counts.server().asMap()).isEqualTo(Map.of(TcpState.LISTEN, 1, TcpState.SYN_RECV, 1));
                assertThat(counts.client().asMap()).isEqualTo(Map.of(TcpState.ESTABLISHED, 1));
                assertThat(namespace
                                .call(() -> diag.listener(port))
                                .orElseThrow()
                                .acceptQueueLength())
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void orphanedFinWait2IsNoTimeWaitHereButOneInSockstat(Way way) throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket server = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK))) {
            Socket client = namespace.call(() -> new Socket(LOOPBACK, server.getLocalPort()));
            try (Socket stays = server.accept();
                    SockDiag diag = namespace.call(way::open)) {
                client.close();
                assertThat(stays.getInputStream().read()).isEqualTo(-1);
                List<SocketReading> left = namespace.call(() -> Eventually.read(
                        () -> diag.sockets(SocketFilter.remotePort(server.getLocalPort()), SockDiag.ALL_STATES),
                        list -> list.size() == 1 && list.getFirst().state() == TcpState.FIN_WAIT2));
                assertThat(left).singleElement().satisfies(orphan -> {
                    assertThat(orphan.state()).isEqualTo(TcpState.FIN_WAIT2);
                    assertThat(orphan.timer()).isEqualTo(SocketTimer.TIME_WAIT);
                    assertThat(orphan.inode()).isZero();
                });
                assertThat(namespace.call(SocketStat::read).timeWait()).isEqualTo(1);
            }
        }
    }

    @Test
    void listOfManyDatagramsIsWhole() throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                NativeSocket listener = namespace.call(NativeSocket::open)) {
            int port = leaveTimeWaits(namespace, listener, 3000);
            for (Way way : Way.values()) {
                try (SockDiag diag = namespace.call(way::open)) {
                    assertThat(namespace
                                    .call(() -> diag.portCounts(port))
                                    .client()
                                    .count(TcpState.TIME_WAIT))
                            .as("%s", way)
                            .isEqualTo(3000)
                            .isEqualTo(ssTimeWait(namespace));
                    assertThat(namespace.call(
                                    () -> diag.sockets(SocketFilter.eitherPort(port), Set.of(TcpState.TIME_WAIT))))
                            .extracting(SocketReading::local)
                            .doesNotHaveDuplicates()
                            .hasSize(3000);
                }
            }
            assertThat(namespace.call(SocketStat::read).timeWait()).isEqualTo(3000);
        }
    }

    private static int leaveTimeWaits(NetworkNamespace namespace, NativeSocket listener, int count) throws Exception {
        assertThat(listener.bind(new InetSocketAddress(LOOPBACK, 0))).isEqualTo(Errno.OK);
        assertThat(listener.listen(5)).isEqualTo(Errno.OK);
        InetSocketAddress target = listener.localAddress().orElseThrow();
        namespace.run(() -> {
            for (int i = 0; i < count; i++) {
                try (NativeSocket client = NativeSocket.open()) {
                    assertThat(client.connect(target)).isEqualTo(Errno.OK);
                    NativeSocket accepted =
                            Objects.requireNonNull(listener.accept().socket());
                    assertThat(client.closeNow()).isEqualTo(Errno.OK);
                    accepted.close();
                }
            }
        });
        return target.getPort();
    }

    @Test
    void connectionsCarryTheirTcpInfo() throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket server = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK));
                Socket client = namespace.call(() -> new Socket(LOOPBACK, server.getLocalPort()));
                SockDiag diag = namespace.call(SockDiag::open)) {
            client.getOutputStream().write(new byte[1000]);
            SocketReading reading = Eventually.read(
                            () -> diag.socketsWithInfo(
                                    SocketFilter.remotePort(server.getLocalPort()), Set.of(TcpState.ESTABLISHED)),
                            list -> list.getFirst().info().orElseThrow().bytesAcked() >= 1000)
                    .getFirst();
            assertThat(reading.info()).hasValueSatisfying(info -> {
                assertThat(info.state()).isEqualTo(TcpState.ESTABLISHED);
                assertThat(info.bytesAcked()).isBetween(1000L, 1001L);
                assertThat(info.rttMicros()).isPositive();
                assertThat(info.totalRetrans()).isZero();
            });
        }
    }

    @Test
    void itStaysInTheNamespaceWhereItWasOpened() throws Exception {
        try (NetworkNamespace namespace = Isolation.single();
                ServerSocket server = namespace.call(() -> new ServerSocket(0, 3, LOOPBACK));
                SockDiag inside = namespace.call(SockDiag::open);
                SockDiag outside = SockDiag.open()) {
            assertThat(inside.listeners()).hasSize(1);
            assertThat(inside.listener(server.getLocalPort())).isPresent();
            assertThat(outside.listeners())
                    .noneMatch(
                            listener -> listener.port() == server.getLocalPort() && listener.acceptQueueLimit() == 3);
        }
    }
}
