package io.tcplab.kernel.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.namespace.Isolation;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.syscall.NativeSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ObserverIT {
    @Test
    void fullAcceptQueueIsSeenWithItsOverflows() throws Exception {
        try (NamespacePair pair = Isolation.pair();
                ServerSocket server = pair.server().call(() -> new ServerSocket(0, 16, pair.serverAddress()))) {
            InetSocketAddress target = new InetSocketAddress(pair.serverAddress(), server.getLocalPort());
            List<Observation> seen = new CopyOnWriteArrayList<>();
            Observer.Settings settings =
                    new Observer.Settings(server.getLocalPort(), Duration.ofMillis(20), Observer.DEFAULT_SHARE);
            List<NativeSocket> clients = new ArrayList<>();
            try (Observer observer = Observer.startIn(pair.server(), settings, seen::add)) {
                for (int i = 0; i < 20; i++) {
                    clients.add(pair.client().call(() -> {
                        NativeSocket socket = NativeSocket.open();
                        assertThat(socket.nonBlocking(true).ok()).isTrue();
                        socket.connect(target);
                        return socket;
                    }));
                }
                Eventually.read(
                        () -> observer.countersSinceStart().getOrDefault("TcpExt.ListenOverflows", 0L),
                        overflows -> overflows >= 3);
                Observation last = observer.finish();
                assertThat(last.acceptQueueLength()).isEqualTo(17);
                assertThat(last.acceptQueueLimit()).isEqualTo(16);
                assertThat(last.states().orElseThrow().server().count(TcpState.ESTABLISHED))
                        .isEqualTo(17);
                assertThat(last.listenerDrops())
                        .isEqualTo(observer.countersSinceStart().get("TcpExt.ListenDrops"));
                assertThat(seen.getLast()).isSameAs(observer.finish());
                Map<String, Long> summed = new HashMap<>();
                seen.forEach(
                        each -> each.counterDeltas().forEach((name, delta) -> summed.merge(name, delta, Long::sum)));
                assertThat(summed).isEqualTo(observer.countersSinceStart());
                assertThat(observer.countersSinceStart()).containsAllEntriesOf(nstat(pair, "TcpExtListen"));
                assertThat(observer.trouble()).isEmpty();
            } finally {
                clients.forEach(NativeSocket::close);
            }
        }
    }

    @Test
    void anErrorEndsItForThoseWhoWaitToo() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            List<Observation> seen = new CopyOnWriteArrayList<>();
            Observer observer = Observer.start(
                    new Observer.Settings(server.getLocalPort(), Duration.ofMillis(1), 1), observation -> {
                        seen.add(observation);
                        if (seen.size() > 1) {
                            throw new NoClassDefFoundError("no descriptor for it");
                        }
                    });
            assertThatThrownBy(observer::finish).hasRootCauseInstanceOf(NoClassDefFoundError.class);
            observer.close();
        }
    }

    /** What nstat says of a fresh namespace, whose counters began at 0. */
    private static Map<String, Long> nstat(NamespacePair pair, String start) throws Exception {
        Process nstat = pair.server().start(new ProcessBuilder("nstat", "-asz"));
        Map<String, Long> counters = new HashMap<>();
        new String(nstat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.split("\\s+"))
                .forEach(words -> counters.put(words[0].replace("TcpExt", "TcpExt."), Long.parseLong(words[1])));
        assertThat(counters).isNotEmpty();
        return counters;
    }

    @Test
    void eachSideSeesItsOwnTimeWaits() throws Exception {
        try (NamespacePair pair = Isolation.pair();
                ServerSocket server = pair.server().call(() -> new ServerSocket(0, 16, pair.serverAddress()))) {
            Observer.Settings settings = Observer.Settings.of(server.getLocalPort());
            try (Observer clientSide = Observer.startIn(pair.client(), settings, _ -> {});
                    Observer serverSide = Observer.startIn(pair.server(), settings, _ -> {})) {
                for (int i = 0; i < 23; i++) {
                    Socket client = pair.client().call(() -> new Socket(pair.serverAddress(), server.getLocalPort()));
                    Socket accepted = server.accept();
                    client.close();
                    assertThat(accepted.getInputStream().read()).isEqualTo(-1);
                    accepted.close();
                }
                Eventually.read(
                        () -> clientSide.countersSinceStart().getOrDefault("TcpExt.TW", 0L), count -> count == 23);
                assertThat(clientSide.finish().clientTimeWaitCount()).hasValue(23);
                assertThat(clientSide.finish().timeWaitCount()).isEqualTo(23);
                assertThat(clientSide.countersSinceStart()).containsEntry("Tcp.ActiveOpens", 23L);
                assertThat(serverSide.finish().serverTimeWaitCount()).hasValue(0);
                assertThat(serverSide.finish().timeWaitCount()).isZero();
                assertThat(serverSide.countersSinceStart()).containsEntry("Tcp.PassiveOpens", 23L);
                assertThat(serverSide.countersSinceStart()).doesNotContainKey("TcpExt.TW");
            }
        }
    }
}
