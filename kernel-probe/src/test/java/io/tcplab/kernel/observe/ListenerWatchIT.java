package io.tcplab.kernel.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.Isolation;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One namespace with listeners of one port; nobody accepts. */
@Timeout(60)
class ListenerWatchIT {
    private static final int PORT = 9000;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SO_BINDTOIFINDEX = 62;

    private final List<NativeSocket> sockets = new ArrayList<>();
    private NetworkNamespace namespace;

    @BeforeEach
    void make() throws IOException {
        namespace = Isolation.single();
    }

    @AfterEach
    void end() {
        sockets.forEach(NativeSocket::close);
        namespace.close();
    }

    private void listen(String address, int port, int backlog, boolean v6Only) throws Exception {
        InetAddress at = InetAddress.ofLiteral(address);
        boolean six = address.indexOf(':') >= 0;
        NativeSocket socket = namespace.call(
                () -> NativeSocket.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET));
        sockets.add(socket);
        if (six) {
            ok(socket.setOption(IPPROTO_IPV6, IPV6_V6ONLY, v6Only ? 1 : 0));
        }
        ok(socket.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEPORT, 1));
        ok(socket.bind(new InetSocketAddress(at, port)));
        ok(socket.listen(backlog));
    }

    private void listen(String address, int backlog) throws Exception {
        listen(address, PORT, backlog, true);
    }

    private void connect(String address, int port, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            NativeSocket client = namespace.call(() -> NativeSocket.open(
                    address.indexOf(':') >= 0 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET));
            sockets.add(client);
            ok(client.nonBlocking(true));
            assertThat(client.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port)))
                    .isIn(Errno.OK, Errno.EINPROGRESS);
        }
    }

    private static void ok(Errno errno) {
        assertThat(errno).isEqualTo(Errno.OK);
    }

    private List<ObservedListener> seen(String target) throws Exception {
        return namespace.call(() -> ListenerWatch.lookOnce(PORT, InetAddress.ofLiteral(target)));
    }

    private ListenerReading only(String target) throws Exception {
        List<ObservedListener> seen = seen(target);
        assertThat(seen).hasSize(1);
        return seen.getFirst().socket();
    }

    @Test
    void otherAddressesOfTheSamePortAreOthersListeners() throws Exception {
        listen("127.0.0.1", 10);
        listen("127.0.0.2", 1000);
        listen("::1", 1000);
        connect("127.0.0.2", PORT, 5);
        connect("127.0.0.1", PORT, 2);
        ListenerReading ours = Eventually.read(() -> only("127.0.0.1"), each -> each.acceptQueueLength() == 2);
        assertThat(ours.acceptQueueLength()).isEqualTo(2);
        assertThat(ours.acceptQueueLimit()).isEqualTo(10);
        assertThat(only("::1").acceptQueueLength()).isZero();
        assertThat(only("127.0.0.2").acceptQueueLength()).isEqualTo(5);
        assertThat(seen("127.0.0.3")).isEmpty();
    }

    @Test
    void aWildcardOfBothFamiliesTakesIpv4AndOneOfIpv6AloneDoesNot() throws Exception {
        listen("::", PORT, 7, false);
        connect("127.0.0.1", PORT, 1);
        assertThat(Eventually.read(() -> only("127.0.0.1"), each -> each.acceptQueueLength() == 1)
                        .acceptQueueLength())
                .isEqualTo(1);
        assertThat(only("127.0.0.1").v6Only()).isFalse();
        assertThat(only("::1").acceptQueueLimit()).isEqualTo(7);
    }

    @Test
    void aWildcardOfIpv6AloneTakesNoIpv4() throws Exception {
        listen("::", PORT, 7, true);
        assertThat(only("::1").v6Only()).isTrue();
        assertThat(seen("127.0.0.1")).isEmpty();
        connect("127.0.0.1", PORT, 1);
        assertThat(only("::1").acceptQueueLength()).isZero();
    }

    @Test
    void theListenerOfTheAddressTakesWhatTheWildcardWouldTake() throws Exception {
        listen("0.0.0.0", 50);
        listen("127.0.0.1", 10);
        connect("127.0.0.1", PORT, 20);
        ListenerReading ours = Eventually.read(() -> only("127.0.0.1"), each -> each.acceptQueueLength() == 11);
        assertThat(ours.acceptQueueLimit()).isEqualTo(10);
        assertThat(ours.acceptQueueLength()).isEqualTo(11);
        assertThat(only("127.0.0.2").acceptQueueLength()).isZero();
    }

    /** SO_BINDTOIFINDEX, as a program that serves one interface sets it. */
    @Test
    void aListenerOfTheInterfaceTakesWhatTheOtherWouldTake() throws Exception {
        listen("0.0.0.0", 50);
        NativeSocket bound = namespace.call(NativeSocket::open);
        sockets.add(bound);
        ok(bound.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEPORT, 1));
        ok(bound.setOption(SocketOptions.SOL_SOCKET, SO_BINDTOIFINDEX, 1));
        ok(bound.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), PORT)));
        ok(bound.listen(10));
        connect("127.0.0.1", PORT, 5);
        assertThat(Eventually.read(() -> only("127.0.0.1"), each -> each.acceptQueueLength() == 5))
                .returns(10L, ListenerReading::acceptQueueLimit)
                .returns(5L, ListenerReading::acceptQueueLength);
    }

    @Test
    void ofAWildcardOfEachFamilyTheIpv4OneTakesIpv4() throws Exception {
        listen("::", PORT, 7, false);
        listen("0.0.0.0", PORT, 5, false);
        connect("127.0.0.1", PORT, 3);
        assertThat(Eventually.read(() -> only("127.0.0.1"), each -> each.acceptQueueLength() == 3))
                .returns(5L, ListenerReading::acceptQueueLimit)
                .returns(3L, ListenerReading::acceptQueueLength);
        assertThat(only("::1").acceptQueueLength()).isZero();
    }

    @Test
    void eachOfFourSharingListenersHasItsOwnQueueAndDrops() throws Exception {
        for (int i = 0; i < 4; i++) {
            listen("127.0.0.1", 32);
        }
        // The kernel picks by a hash of the ports: enough to fill one queue of the four.
        List<ObservedListener> seen = seen("127.0.0.1");
        for (int tries = 0; tries < 40 && fullest(seen).acceptQueueLength() < 33; tries++) {
            connect("127.0.0.1", PORT, 4);
            seen = seen("127.0.0.1");
        }
        ListenerReading worst = fullest(seen);
        assertThat(seen).hasSize(4);
        assertThat(worst.acceptQueueLength()).isEqualTo(33);
        assertThat(worst.acceptQueueLimit()).isEqualTo(32);
        assertThat(worst.fullness()).isEqualTo(1.0);
        assertThat(seen.stream().map(each -> each.socket().inode())).doesNotHaveDuplicates();
        List<String> ss = Programs.run(namespace, "", "ss", "-Hltn", "sport", "=", ":" + PORT)
                .lines()
                .map(line -> line.split("\\s+")[1] + " of " + line.split("\\s+")[2])
                .toList();
        assertThat(seen("127.0.0.1").stream()
                        .map(each -> each.socket().acceptQueueLength() + " of "
                                + each.socket().acceptQueueLimit()))
                .containsExactlyInAnyOrderElementsOf(ss);
    }

    private static ListenerReading fullest(List<ObservedListener> seen) {
        return seen.stream()
                .map(ObservedListener::socket)
                .max(Comparator.comparingDouble(ListenerReading::fullness))
                .orElseThrow();
    }

    @Test
    void theLimitIsSetByTheLowerOfBacklogAndSomaxconn() throws Exception {
        String readBack = namespace.call(() -> Sysctl.write("net.core.somaxconn", "64"));
        assertThat(readBack).isEqualTo("64");
        listen("127.0.0.1", 4096);
        listen("127.0.0.2", 50);
        assertThat(seen("127.0.0.1").getFirst().setBy()).contains(LimitSetBy.SOMAXCONN);
        assertThat(seen("127.0.0.1").getFirst().socket().acceptQueueLimit()).isEqualTo(64);
        assertThat(seen("127.0.0.2").getFirst().setBy()).contains(LimitSetBy.LISTEN);
        String lowered = namespace.call(() -> Sysctl.write("net.core.somaxconn", "32"));
        assertThat(lowered).isEqualTo("32");
        assertThat(seen("127.0.0.1").getFirst().setBy()).contains(LimitSetBy.EARLIER_SOMAXCONN);
    }

    @Test
    void theProcessIsNamedWithItsDescriptors() throws Exception {
        listen("127.0.0.1", 16);
        SocketOwner owner = seen("127.0.0.1").getFirst().owner().orElseThrow();
        assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(owner.program()).isEqualTo("java");
        assertThat(owner.processes()).isEqualTo(1);
        assertThat(owner.stopped()).isZero();
        assertThat(owner.descriptors().orElseThrow()).isBetween(10L, 100_000L);
        assertThat(owner.descriptorLimit().orElseThrow())
                .isGreaterThan(owner.descriptors().orElseThrow());
        String ss = Programs.run(namespace, "", "ss", "-Hltnp", "sport", "=", ":" + PORT);
        assertThat(ss).contains("\"java\",pid=" + owner.pid() + ",");
    }

    @Test
    void anotherPortThatOverflowsDropsNothingOfOurs() throws Exception {
        listen("127.0.0.1", 2000);
        listen("127.0.0.1", PORT + 1, 1, true);
        List<Observation> seen = new CopyOnWriteArrayList<>();
        Observer.Settings settings = Observer.Settings.of(PORT).forTarget(InetAddress.ofLiteral("127.0.0.1"));
        try (Observer observer = Observer.startIn(namespace, settings, seen::add)) {
            connect("127.0.0.1", PORT + 1, 10);
            connect("127.0.0.1", PORT, 5);
            Map<String, Long> moved = Eventually.read(
                    observer::countersSinceStart, counters -> counters.getOrDefault("TcpExt.ListenOverflows", 0L) > 0);
            assertThat(moved.get("TcpExt.ListenOverflows")).isPositive();
            Observation last = observer.finish();
            assertThat(last.listenerDrops()).isZero();
            assertThat(last.acceptQueueLength()).isEqualTo(5);
            assertThat(last.acceptQueueLimit()).isEqualTo(2000);
        }
    }

    @Test
    void aLookIsMadeAtOnceWithAllStatesAndAfterTheEndIsTheLastOne() throws Exception {
        listen("127.0.0.1", 16);
        Observer.Settings seldom = new Observer.Settings(PORT, java.time.Duration.ofMinutes(10), 0.001);
        try (Observer observer = Observer.startIn(namespace, seldom, _ -> {})) {
            connect("127.0.0.1", PORT, 3);
            Observation looked = Eventually.read(observer::look, each -> each.acceptQueueLength() == 3);
            assertThat(looked.acceptQueueLength()).isEqualTo(3);
            assertThat(looked.allStates()).isTrue();
            Observation last = observer.finish();
            assertThat(observer.look()).isSameAs(last);
        }
    }
}
