package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Limits;
import io.tcplab.kernel.namespace.Isolation;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NativeSocketIT {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    /** A connected pair of sockets and their listener. */
    private record Line(NativeSocket listener, NativeSocket client, NativeSocket server) implements AutoCloseable {
        static Line open() throws IOException {
            NativeSocket listener = listening(5);
            NativeSocket client = NativeSocket.open();
            assertThat(client.connect(listener.localAddress().orElseThrow())).isEqualTo(Errno.OK);
            return new Line(listener, client, accepted(listener));
        }

        @Override
        public void close() {
            client.close();
            server.close();
            listener.close();
        }
    }

    private static NativeSocket listening(int backlog) throws IOException {
        return listening(ANY_PORT, backlog);
    }

    private static NativeSocket listening(InetSocketAddress address, int backlog) throws IOException {
        NativeSocket listener = NativeSocket.open();
        assertThat(listener.bind(address)).isEqualTo(Errno.OK);
        assertThat(listener.listen(backlog)).isEqualTo(Errno.OK);
        return listener;
    }

    private static NativeSocket accepted(NativeSocket listener) {
        return Objects.requireNonNull(listener.accept().socket());
    }

    @Test
    void bytesGoBothWaysAndTheEndIsZero() throws IOException {
        try (Line line = Line.open()) {
            assertThat(line.client().send(new byte[] {1, 2, 3}, 0).value()).isEqualTo(3);
            byte[] into = new byte[10];
            assertThat(line.server().recv(into, 0)).isEqualTo(new NativeSocket.Result(3, Errno.OK));
            assertThat(into).startsWith(1, 2, 3, 0);
            assertThat(line.client().shutdown(Half.WRITE)).isEqualTo(Errno.OK);
            assertThat(line.server().recv(into, 0)).isEqualTo(new NativeSocket.Result(0, Errno.OK));
            assertThat(line.server().send(new byte[] {9}, 0).ok()).isTrue();
            assertThat(line.client().recv(into, 0).value()).isEqualTo(1);
            assertThat(line.client().remoteAddress()).isEqualTo(line.listener().localAddress());
        }
    }

    @Test
    void aSocketThatHearsNothingAcknowledgesNothingUntilItHearsAgain() throws Exception {
        try (Line line = Line.open()) {
            assertThat(line.client().hearNothing()).isEqualTo(Errno.OK);
            assertThat(line.server().send(new byte[] {7}, 0).value()).isEqualTo(1);
            int sentAgain = Eventually.read(
                    () -> line.server().tcpInfo().orElseThrow().retransmits(), retransmits -> retransmits > 1);
            assertThat(sentAgain).isGreaterThan(1);
            assertThat(line.client()
                            .recv(new byte[1], NativeSocket.MSG_DONTWAIT)
                            .errno())
                    .isEqualTo(Errno.EAGAIN);
            assertThat(line.client().hearAgain()).isEqualTo(Errno.OK);
            assertThat(line.client().await(NativeSocket.POLLIN, 20_000).value()).isEqualTo(NativeSocket.POLLIN);
            assertThat(line.client().recv(new byte[1], 0).value()).isEqualTo(1);
        }
    }

    @Test
    void refusedConnectIsAnErrnoNotAnException() throws IOException {
        InetSocketAddress nobody;
        try (NativeSocket gone = listening(1)) {
            nobody = gone.localAddress().orElseThrow();
        }
        try (NativeSocket blocking = NativeSocket.open();
                NativeSocket other = NativeSocket.open()) {
            assertThat(blocking.connect(nobody)).isEqualTo(Errno.ECONNREFUSED);
            assertThat(other.nonBlocking(true)).isEqualTo(Errno.OK);
            assertThat(other.connect(nobody, 10_000)).isEqualTo(Errno.ECONNREFUSED);
            assertThat(other.soError()).isEqualTo(Errno.OK);
        }
    }

    @Test
    void nonBlockingCallsSayEagain() throws IOException {
        try (Line line = Line.open();
                NativeSocket listener = listening(1)) {
            assertThat(listener.nonBlocking(true)).isEqualTo(Errno.OK);
            assertThat(listener.accept().errno()).isEqualTo(Errno.EAGAIN);
            assertThat(line.client()
                            .recv(new byte[1], NativeSocket.MSG_DONTWAIT)
                            .errno())
                    .isEqualTo(Errno.EAGAIN);
            assertThat(line.client().await(NativeSocket.POLLIN, 0).value()).isZero();
            assertThat(line.client().await(NativeSocket.POLLOUT, 0).value()).isEqualTo(NativeSocket.POLLOUT);
        }
    }

    @Test
    void abortLeavesNoTimeWaitOnEitherSide() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            namespace.run(() -> {
                CounterSnapshot before = CounterSnapshot.read();
                try (Line line = Line.open()) {
                    assertThat(line.client().linger(true, 0)).isEqualTo(Errno.OK);
                    assertThat(line.client().closeNow()).isEqualTo(Errno.OK);
                    assertThat(line.server().recv(new byte[1], 0).errno()).isEqualTo(Errno.ECONNRESET);
                    assertThat(line.server().send(new byte[1], 0).errno()).isEqualTo(Errno.EPIPE);
                }
                CounterSnapshot after = CounterSnapshot.read();
                assertThat(after.sockets().timeWait()).isZero();
                assertThat(after.deltaSince(before))
                        .containsEntry(KernelCounter.ABORTS_ON_DATA.kernelName(), 1L)
                        .containsEntry(KernelCounter.OUT_RESETS.kernelName(), 1L)
                        .doesNotContainKey(KernelCounter.TIME_WAITS.kernelName());
            });
        }
    }

    @Test
    void portsRunOutAsEaddrnotavail() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            NamespacePair.setSysctls(namespace, Map.of("net.ipv4.ip_local_port_range", "40000 40001"));
            namespace.run(() -> {
                try (NativeSocket listener = listening(5);
                        NativeSocket one = NativeSocket.open();
                        NativeSocket two = NativeSocket.open();
                        NativeSocket three = NativeSocket.open()) {
                    InetSocketAddress target = listener.localAddress().orElseThrow();
                    assertThat(one.connect(target)).isEqualTo(Errno.OK);
                    // The listener itself took one of the two ports, on the same address.
                    assertThat(two.connect(target)).isEqualTo(Errno.EADDRNOTAVAIL);
                    assertThat(three.bind(target)).isEqualTo(Errno.EADDRINUSE);
                }
            });
        }
    }

    /** As Docker's resolver does at 127.0.0.11 in each container. */
    @Test
    void aListenerOfAnyAddressTakesItsPortFromAllThatConnect() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            NamespacePair.setSysctls(namespace, Map.of("net.ipv4.ip_local_port_range", "40000 40003"));
            namespace.run(() -> {
                List<NativeSocket> opened = new ArrayList<>();
                try (NativeSocket resolver = listening(new InetSocketAddress("127.0.0.11", 40_001), 5);
                        NativeSocket target = listening(new InetSocketAddress("127.0.0.1", 9000), 5)) {
                    assertThat(resolver.localAddress()).isPresent();
                    int free = Limits.read().ephemeralPorts().orElseThrow();
                    assertThat(free).isEqualTo(3);
                    InetSocketAddress address = target.localAddress().orElseThrow();
                    for (int i = 0; i < free; i++) {
                        opened.add(NativeSocket.open());
                        assertThat(opened.getLast().connect(address)).isEqualTo(Errno.OK);
                    }
                    opened.add(NativeSocket.open());
                    assertThat(opened.getLast().connect(address)).isEqualTo(Errno.EADDRNOTAVAIL);
                } finally {
                    opened.forEach(NativeSocket::close);
                }
            });
        }
    }

    @Test
    void listenersTcpInfoShowsTheAcceptQueue() throws Exception {
        try (NativeSocket listener = listening(3);
                NativeSocket client = NativeSocket.open()) {
            assertThat(client.connect(listener.localAddress().orElseThrow())).isEqualTo(Errno.OK);
            TcpInfo info = Eventually.read(() -> listener.tcpInfo().orElseThrow(), i -> i.acceptQueueLength() == 1);
            assertThat(info.state()).isEqualTo(TcpState.LISTEN);
            assertThat(info.acceptQueueLength()).isEqualTo(1);
            assertThat(info.acceptQueueLimit()).isEqualTo(3);
            assertThat(client.tcpInfo().orElseThrow().state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(client.tcpInfo().orElseThrow().sendMss()).isPositive();
        }
    }

    @Test
    void optionsAreReadBack() throws IOException {
        try (NativeSocket socket = NativeSocket.open(StandardProtocolFamily.INET6)) {
            assertThat(socket.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_USER_TIMEOUT, 1234))
                    .isEqualTo(Errno.OK);
            assertThat(socket.option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_USER_TIMEOUT)
                            .value())
                    .isEqualTo(1234);
            assertThat(socket.setOption(SocketOptions.IPPROTO_TCP, 999, 1)).isEqualTo(Errno.ENOPROTOOPT);
        }
    }

    @Test
    void ipv6SocketConnectsToAnIpv4Address() throws IOException {
        try (NativeSocket listener = listening(5);
                NativeSocket client = NativeSocket.open(StandardProtocolFamily.INET6)) {
            assertThat(client.connect(listener.localAddress().orElseThrow())).isEqualTo(Errno.OK);
            assertThat(client.localAddress().orElseThrow().getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        }
    }

    @Test
    void closedSocketAnswersEbadf() throws IOException {
        NativeSocket socket = NativeSocket.open();
        assertThat(socket.closeNow()).isEqualTo(Errno.OK);
        assertThat(socket.closeNow()).isEqualTo(Errno.OK);
        assertThat(socket.listen(1)).isEqualTo(Errno.EBADF);
        assertThat(socket.await(NativeSocket.POLLIN, -1).errno()).isEqualTo(Errno.EBADF);
        assertThat(socket.tcpInfo()).isEmpty();
        assertThat(socket.localAddress()).isEmpty();
    }
}
