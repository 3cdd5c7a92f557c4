package io.tcplab.kernel.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CableIT {

    private static final int MTU = 1500;
    private static final long SEED = 23;
    private static final long MILLI = 1_000_000;

    private static NamespacePair apart() throws IOException {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        assumeThat(UserNamespace.obstacle()).isEmpty();
        return NamespacePair.createApart();
    }

    private static CableSettings both(PathSettings path, NamedLoss... lose) {
        return new CableSettings(path, path, List.of(lose));
    }

    private static PathSettings delay(long millis) {
        return new PathSettings(millis * MILLI, 0, 0, 1, 0, 0, 0, 0);
    }

    /** Connects from the client's namespace and returns how long connect(2) took. */
    private static Socket connect(NamespacePair pair, ServerSocket server) throws Exception {
        return pair.client().call(() -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(pair.serverAddress(), server.getLocalPort()), 20_000);
            return socket;
        });
    }

    private static ServerSocket listen(NamespacePair pair) throws Exception {
        return pair.server().call(() -> new ServerSocket(0, 50, pair.serverAddress()));
    }

    private static long exchange(NamespacePair pair, ServerSocket server, int bytes) throws Exception {
        long began = System.nanoTime();
        try (Socket client = connect(pair, server);
                Socket accepted = server.accept()) {
            long connected = System.nanoTime() - began;
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    accepted.getOutputStream().write(new byte[bytes]);
                    accepted.shutdownOutput();
                } catch (IOException _) {
                    // The reader misses bytes then, and says so.
                }
            });
            InputStream in = client.getInputStream();
            assertThat(in.readNBytes(bytes)).hasSize(bytes);
            assertThat(in.read()).isEqualTo(-1);
            client.shutdownOutput();
            sender.join();
            return connected;
        }
    }

    /** The numbers of its descriptors are others' by then, into which what wakes it would be written. */
    @Test
    void aCableThatHasEndedIsNotWoken() throws Exception {
        FastCalls calls = new FastCalls();
        try (NamespacePair pair = apart()) {
            Cable cable = Cable.begin(pair, CableSettings.NOTHING, MTU, SEED, 1);
            cable.close();
            List<Integer> others =
                    IntStream.range(0, 16).mapToObj(_ -> calls.eventFd()).toList();
            cable.close();
            assertThat(others).noneMatch(each -> Syscalls.poll(each, NativeSocket.POLLIN, 0) == NativeSocket.POLLIN);
            others.forEach(calls::close);
        }
    }

    @Test
    void handshakeTakesOneRoundTrip() throws Exception {
        try (NamespacePair pair = apart();
                Cable cable = Cable.begin(pair, both(delay(10)), MTU, SEED);
                ServerSocket server = listen(pair)) {
            long connectNanos = exchange(pair, server, 1);
            assertThat(connectNanos).isGreaterThanOrEqualTo(20 * MILLI);
            CableReading.Direction fromClient = cable.read().fromClient();
            assertThat(fromClient.segments(SegmentKind.SYN)).isEqualTo(1);
            assertThat(fromClient.insideP50Nanos()).isGreaterThanOrEqualTo(10 * MILLI);
        }
    }

    @Test
    void lostSynIsSentAgainAfterASecond() throws Exception {
        NamedLoss firstSyn = new NamedLoss(Side.CLIENT, SegmentKind.SYN, 1, false);
        try (NamespacePair pair = apart();
                Cable cable = Cable.begin(pair, both(PathSettings.NOTHING, firstSyn), MTU, SEED);
                ServerSocket server = listen(pair)) {
            assertThat(exchange(pair, server, 1)).isBetween(950 * MILLI, 1_900 * MILLI);
            assertThat(exchange(pair, server, 1)).isLessThan(900 * MILLI);
            CableReading.Direction fromClient = cable.read().fromClient();
            assertThat(fromClient.dropped(DropReason.NAMED)).isEqualTo(1);
            assertThat(fromClient.retransmitted()).isEqualTo(1);
        }
    }

    @Test
    void inEachConnectionTheFirstSynIsLost() throws Exception {
        NamedLoss firstSyn = new NamedLoss(Side.CLIENT, SegmentKind.SYN, 1, true);
        try (NamespacePair pair = apart();
                Cable cable = Cable.begin(pair, both(PathSettings.NOTHING, firstSyn), MTU, SEED);
                ServerSocket server = listen(pair)) {
            assertThat(exchange(pair, server, 1)).isGreaterThan(950 * MILLI);
            assertThat(exchange(pair, server, 1)).isGreaterThan(950 * MILLI);
            assertThat(cable.read().fromClient().dropped(DropReason.NAMED)).isEqualTo(2);
        }
    }

    @Test
    void lastAckIsFoundAndLost() throws Exception {
        NamedLoss lastAck = new NamedLoss(null, SegmentKind.LAST_ACK, 1, true);
        try (NamespacePair pair = apart();
                Cable cable = Cable.begin(pair, both(PathSettings.NOTHING, lastAck), MTU, SEED);
                ServerSocket server = listen(pair)) {
            exchange(pair, server, 1);
            long until = System.nanoTime() + 5_000 * MILLI;
            while (cable.read().fromClient().retransmitted()
                                    + cable.read().fromServer().retransmitted()
                            == 0
                    && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            CableReading now = cable.read();
            assertThat(now.fromClient().dropped(DropReason.NAMED)
                            + now.fromServer().dropped(DropReason.NAMED))
                    .isEqualTo(1);
            assertThat(now.fromClient().retransmitted() + now.fromServer().retransmitted())
                    .as("FIN sent again")
                    .isPositive();
        }
    }

    /** Loss, reorder, duplicates and a rate: what was sent arrives, and cable and kernels have counted the same segments. */
    @Test
    void threeWitnessesAgreeOnEverySegment() throws Exception {
        PathSettings bad = new PathSettings(2 * MILLI, MILLI, 0.02, 2, 0.02, 0.02, 100_000_000, 50 * MILLI);
        try (NamespacePair pair = apart();
                Cable cable = Cable.begin(pair, both(bad), MTU, SEED);
                ServerSocket server = listen(pair)) {
            for (int i = 0; i < 20; i++) {
                exchange(pair, server, 100_000);
            }
            Witnesses last = Witnesses.read(pair, cable);
            long until = System.nanoTime() + 20_000 * MILLI;
            while (!last.agree() && System.nanoTime() < until) {
                last = Witnesses.read(pair, cable);
            }
            assertThat(last.said()).isEqualTo(last.counted());
            assertThat(last.reading().fromServer().dropped(DropReason.LOSS)).isPositive();
            assertThat(last.reading().fromServer().retransmitted()).isPositive();
            assertThat(last.reading().fromServer().duplicated()).isPositive();
        }
    }

    private record Witnesses(List<Long> said, List<Long> counted, CableReading reading) {
        static Witnesses read(NamespacePair pair, Cable cable) throws Exception {
            CounterSnapshot client = pair.client().call(CounterSnapshot::read);
            CounterSnapshot server = pair.server().call(CounterSnapshot::read);
            CableReading reading = cable.read();
            return new Witnesses(
                    List.of(
                            sent(client),
                            sent(server) - server.value(KernelCounter.SYN_RETRANSMITS),
                            arrived(client),
                            arrived(server),
                            client.value(KernelCounter.RETRANSMITTED_SEGMENTS),
                            server.value(KernelCounter.RETRANSMITTED_SEGMENTS)),
                    List.of(
                            reading.fromClient().allSegments(),
                            reading.fromServer().allSegments(),
                            reading.fromServer().deliveredSegments(),
                            reading.fromClient().deliveredSegments(),
                            reading.fromClient().retransmitted(),
                            reading.fromServer().retransmitted()),
                    reading);
        }

        private static long sent(CounterSnapshot side) {
            return side.value("Tcp.OutSegs").orElseThrow() + side.value(KernelCounter.RETRANSMITTED_SEGMENTS);
        }

        private static long arrived(CounterSnapshot side) {
            return side.value("Tcp.InSegs").orElseThrow();
        }

        boolean agree() {
            return said.equals(counted);
        }
    }

    /** A busy machine drops by its queue of incoming packets; here the far end takes no packet of this size, and veth counts it alike. */
    @Test
    void whatTheKernelDropsBeforeTheCableIsCounted() throws Exception {
        try (NamespacePair pair = apart();
                Cable cable = Cable.begin(pair, both(delay(1)), MTU, SEED);
                ServerSocket server = listen(pair)) {
            exchange(pair, server, 1);
            assertThat(cable.read().fromClient().dropped(DropReason.BACKLOG)).isZero();
            NamespacePair.ip(pair.middle(), "link set " + pair.cableDevice(Side.CLIENT) + " mtu 500");
            long before = cable.read().fromClient().allSegments();

            pair.client().call(() -> {
                try (DatagramSocket socket = new DatagramSocket()) {
                    InetSocketAddress to = new InetSocketAddress(pair.serverAddress(), 9);
                    socket.send(new DatagramPacket(new byte[1_000], 1_000, to));
                }
                return true;
            });

            assertThat(cable.read().fromClient().dropped(DropReason.BACKLOG)).isEqualTo(1);
            assertThat(cable.read().fromServer().dropped(DropReason.BACKLOG)).isZero();
            assertThat(cable.read().fromClient().allSegments()).isEqualTo(before);
        }
    }
}
