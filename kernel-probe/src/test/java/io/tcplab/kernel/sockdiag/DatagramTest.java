package io.tcplab.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Fixture;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.Datagram.Progress;
import io.tcplab.kernel.syscall.Errno;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real dumps of Linux 6.18 (x86_64), all requested with sequence 1, and what an enemy could make of them. */
@Timeout(20)
class DatagramTest {
    private static final int TYPE = 4;
    private static final int FLAGS = 6;

    private static ByteBuffer dump(String name) {
        return ByteBuffer.wrap(Fixture.hex(DatagramTest.class, name)).order(ByteOrder.nativeOrder());
    }

    private static Progress read(ByteBuffer dump, List<SocketReading> into) {
        Progress progress = new Progress();
        new Datagram(dump).read(dump.limit(), 1, message -> into.add(message.socket()), progress);
        return progress;
    }

    @Test
    void dumpOfBothFamiliesIsReadWhole() {
        List<SocketReading> sockets = new ArrayList<>();
        Progress progress = read(dump("both-families.hex"), sockets);
        assertThat(progress.ended).isTrue();
        assertThat(progress.disturbed).isFalse();
        assertThat(progress.errno).isEqualTo(Errno.OK);
        assertThat(sockets)
                .extracting(SocketReading::state)
                .containsExactlyInAnyOrder(
                        TcpState.LISTEN,
                        TcpState.LISTEN,
                        TcpState.ESTABLISHED,
                        TcpState.ESTABLISHED,
                        TcpState.ESTABLISHED,
                        TcpState.ESTABLISHED,
                        TcpState.TIME_WAIT);
    }

    @Test
    void listenerHasItsQueueLimitAndDrops() {
        List<ListenerReading> listeners = new ArrayList<>();
        ByteBuffer dump = dump("both-families.hex");
        new Datagram(dump)
                .read(
                        dump.limit(),
                        1,
                        message -> {
                            if (message.state() == TcpState.LISTEN && message.localPort() == 9000) {
                                listeners.add(message.listener());
                            }
                        },
                        new Progress());
        assertThat(listeners).hasSize(1);
        ListenerReading listener = listeners.getFirst();
        assertThat(listener.acceptQueueLength()).isEqualTo(1);
        assertThat(listener.acceptQueueLimit()).isEqualTo(16);
        assertThat(listener.drops()).isZero();
        assertThat(listener.inode()).isPositive();
    }

    @Test
    void connectionHasItsEndsQueuesAndInfo() {
        List<SocketReading> sockets = new ArrayList<>();
        read(dump("both-families.hex"), sockets);
        SocketReading server = sockets.stream()
                .filter(socket -> socket.receiveQueue() == 1000)
                .findFirst()
                .orElseThrow();
        assertThat(server.local()).isEqualTo(new InetSocketAddress("127.0.0.1", 9000));
        assertThat(server.remote().getPort()).isGreaterThan(1024);
        assertThat(server.info().orElseThrow().bytesReceived()).isEqualTo(1000);
        assertThat(server.info().orElseThrow().state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void timeWaitHasItsTimerAndNoOwner() {
        List<SocketReading> sockets = new ArrayList<>();
        read(dump("ipv4.hex"), sockets);
        SocketReading waiting = sockets.stream()
                .filter(socket -> socket.state() == TcpState.TIME_WAIT)
                .findFirst()
                .orElseThrow();
        assertThat(waiting.timer()).isEqualTo(SocketTimer.TIME_WAIT);
        assertThat(waiting.timerMillis()).isBetween(55_000L, 60_000L);
        assertThat(waiting.inode()).isZero();
        assertThat(waiting.info()).isEmpty();
    }

    @Test
    void refusalIsAnErrno() {
        Progress progress = read(dump("refused.hex"), new ArrayList<>());
        assertThat(progress.ended).isTrue();
        assertThat(progress.errno).isEqualTo(Errno.EINVAL);
    }

    @Test
    void interruptedDumpIsMarkedAsDisturbed() {
        ByteBuffer dump = dump("ipv4.hex");
        dump.putShort(FLAGS, (short) (dump.getShort(FLAGS) | 0x10));
        Progress progress = read(dump, new ArrayList<>());
        assertThat(progress.disturbed).isTrue();
        assertThat(progress.ended).isTrue();
    }

    @Test
    void overrunIsMarkedAsDisturbed() {
        ByteBuffer dump = dump("ipv4.hex");
        dump.putShort(TYPE, (short) 4);
        assertThat(read(dump, new ArrayList<>()).disturbed).isTrue();
    }

    @Test
    void answersToAnotherRequestAreIgnored() {
        ByteBuffer dump = dump("ipv4.hex");
        Progress progress = new Progress();
        List<SocketReading> sockets = new ArrayList<>();
        new Datagram(dump).read(dump.limit(), 2, message -> sockets.add(message.socket()), progress);
        assertThat(sockets).isEmpty();
        assertThat(progress.ended).isFalse();
    }

    @Test
    void dumpWithoutItsEndIsNotEnded() {
        ByteBuffer dump = dump("ipv4.hex");
        dump.limit(dump.getInt(0));
        List<SocketReading> sockets = new ArrayList<>();
        assertThat(read(dump, sockets).ended).isFalse();
        assertThat(sockets).hasSize(1);
    }

    @Test
    void absurdLengthsAreMarkedAsDisturbed() {
        for (int length : new int[] {0, 1, 15, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1_000_000}) {
            ByteBuffer dump = dump("ipv4.hex");
            dump.putInt(0, length);
            assertThat(read(dump, new ArrayList<>()).disturbed).as("%d", length).isTrue();
        }
        ByteBuffer small = dump("ipv4.hex");
        small.putInt(0, 40);
        assertThat(read(small, new ArrayList<>()).disturbed).isTrue();
    }

    @Test
    void everyPrefixAndManyMutationsAreSurvived() {
        byte[] real = Fixture.hex(DatagramTest.class, "both-families.hex");
        for (int length = 0; length <= real.length; length++) {
            ByteBuffer prefix = ByteBuffer.wrap(Arrays.copyOf(real, length)).order(ByteOrder.nativeOrder());
            assertThat(read(prefix, new ArrayList<>())).isNotNull();
        }
        Random random = new Random(23);
        for (int i = 0; i < 5000; i++) {
            byte[] mutated = real.clone();
            for (int j = 0; j < 10; j++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            assertThat(read(ByteBuffer.wrap(mutated).order(ByteOrder.nativeOrder()), new ArrayList<>()))
                    .isNotNull();
        }
    }

    @Test
    void absurdAttributeLengthsEndTheSearch() {
        for (int length : new int[] {0, 3, 4, 7, 0xffff}) {
            ByteBuffer dump = dump("both-families.hex");
            int attribute = Datagram.HEADER + DiagMessage.SIZE;
            dump.putShort(attribute, (short) length);
            assertThat(read(dump, new ArrayList<>()).ended).isTrue();
        }
    }
}
