package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each operation of a ring does to a socket what its system call does, in the order in which it was staged. */
@Timeout(20)
class RingIT {

    private static final long SECOND = 1_000_000_000;
    private static final int POLLIN = 1;

    private Ring ring;
    private final FastCalls calls = new FastCalls();

    @BeforeEach
    void open() {
        try {
            ring = new Ring(8, 64);
        } catch (RingRefused e) {
            Assumptions.abort("needs io_uring: " + e.getMessage());
        }
        ring.enable();
    }

    @AfterEach
    void close() {
        if (ring != null) {
            ring.close();
        }
    }

    private int complete(long tag) {
        for (int waits = 0; waits < 10 && !ring.hasCompletion(); waits++) {
            ring.await(SECOND);
        }
        assertThat(ring.hasCompletion()).isTrue();
        assertThat(ring.tag()).isEqualTo(tag);
        int result = ring.result();
        ring.advance();
        return result;
    }

    private int socket() {
        ring.socket(SocketAddresses.AF_INET, 1);
        ring.submit();
        int socket = complete(1);
        assertThat(socket).isPositive();
        return socket;
    }

    private static MemorySegment address(String host, int port) throws IOException {
        return SocketAddresses.encode(
                Arena.ofAuto(), new InetSocketAddress(InetAddress.getByName(host), port), SocketAddresses.AF_INET);
    }

    @Test
    void aSocketIsBoundConnectsReceivesAndCloses() throws IOException {
        RingBuffers buffers = new RingBuffers(4, 4096);
        ring.register(buffers);
        MemorySegment one = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int socket = socket();
            ring.setOption(socket, SocketOptions.IPPROTO_IP, SocketOptions.IP_BIND_ADDRESS_NO_PORT, one, 2);
            ring.bind(socket, address("127.0.0.7", 0), 3);
            ring.connect(socket, address("127.0.0.1", listener.getLocalPort()), 4);
            ring.submit();
            assertThat(complete(4)).isZero();
            try (Socket peer = listener.accept()) {
                assertThat(peer.getInetAddress().getHostAddress()).isEqualTo("127.0.0.7");
                ring.receive(socket, 5);
                ring.submit();
                assertThat(ring.hasCompletion()).isFalse();
                peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                ring.await(SECOND);
                int buffer = Ring.buffer(ring.flags());
                assertThat(ring.flags() & Ring.CQE_BUFFER).isNotZero();
                assertThat(complete(5)).isEqualTo(5);
                MemorySegment read = Arena.ofAuto().allocate(8);
                buffers.copy(buffer, 1, read.address(), 4);
                assertThat(read.getString(0, StandardCharsets.US_ASCII)).isEqualTo("ello");
                ring.close(socket, 6);
                ring.submit();
                InputStream in = peer.getInputStream();
                assertThat(in.read()).isEqualTo(-1);
            }
            assertThat(ring.hasCompletion()).as("success is silent").isFalse();
        }
    }

    private int look(int socket, RingBuffers buffers) {
        ring.receiveIfThere(socket, 3);
        ring.submit();
        assertThat(ring.hasCompletion()).isTrue();
        if ((ring.flags() & Ring.CQE_BUFFER) != 0) {
            buffers.giveBack(Ring.buffer(ring.flags()));
        }
        return complete(3);
    }

    @Test
    void aReceiveOfWhatIsThereEndsAtOnce() throws IOException {
        RingBuffers buffers = new RingBuffers(4, 4096);
        ring.register(buffers);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int socket = socket();
            ring.connect(socket, address("127.0.0.1", listener.getLocalPort()), 2);
            ring.submit();
            assertThat(complete(2)).isZero();
            try (Socket peer = listener.accept()) {
                for (int looks = 0; looks < 10; looks++) { // more than there are buffers
                    assertThat(Errno.ofResult(look(socket, buffers))).isEqualTo(Errno.EAGAIN);
                }
                peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                int received = look(socket, buffers);
                for (long end = System.nanoTime() + SECOND; received < 0 && System.nanoTime() < end; ) {
                    received = look(socket, buffers);
                }
                assertThat(received).isEqualTo(5);
            }
            assertThat(calls.close(socket)).isZero();
        }
    }

    @Test
    void aSendIsOverWhenAllIsTaken() throws IOException {
        MemorySegment bytes = Arena.ofAuto().allocateFrom("hello");
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int socket = socket();
            ring.connect(socket, address("127.0.0.1", listener.getLocalPort()), 2);
            ring.submit();
            assertThat(complete(2)).isZero();
            try (Socket peer = listener.accept()) {
                ring.send(socket, bytes.address(), 5, 3);
                ring.submit();
                assertThat(complete(3)).isEqualTo(5);
                assertThat(peer.getInputStream().readNBytes(5))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("hello");
                peer.setSoLinger(true, 0);
            }
            ring.send(socket, bytes.address(), 5, 4);
            ring.submit();
            assertThat(Errno.ofResult(complete(4))).isEqualTo(Errno.ECONNRESET);
            assertThat(calls.close(socket)).isZero();
        }
    }

    @Test
    void aSendAtOnceTellsOnlyOfWhatWasNotTaken() throws IOException {
        MemorySegment bytes = Arena.ofAuto().allocate(1 << 20);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int socket = socket();
            ring.connect(socket, address("127.0.0.1", listener.getLocalPort()), 2);
            ring.submit();
            assertThat(complete(2)).isZero();
            try (Socket peer = listener.accept()) {
                ring.sendAtOnce(socket, bytes.address(), 1000, 3);
                ring.submit();
                assertThat(ring.hasCompletion()).isFalse();
                assertThat(peer.getInputStream().readNBytes(1000)).hasSize(1000);
                int sent = 0;
                for (int sends = 0; sends < 100 && !ring.hasCompletion(); sends++) {
                    ring.sendAtOnce(socket, bytes.address(), 1 << 20, 4);
                    ring.submit();
                    sent += ring.hasCompletion() ? 0 : 1 << 20;
                }
                int taken = complete(4);
                assertThat(taken).isLessThan(1 << 20);
                ring.sendAtOnce(socket, bytes.address(), 1, 5);
                ring.submit();
                assertThat(Errno.ofResult(complete(5))).isEqualTo(Errno.EAGAIN);
                sent += Math.max(0, taken);
                assertThat(peer.getInputStream().readNBytes(sent)).hasSize(sent);
            }
            assertThat(calls.close(socket)).isZero();
        }
    }

    @Test
    void connectionsAreAcceptedAsTheyCome() throws IOException {
        int listener = calls.socket(SocketAddresses.AF_INET);
        assertThat(calls.bind(listener, address("127.0.0.1", 0))).isZero();
        assertThat(Syscalls.listen(listener, 8)).isZero();
        InetSocketAddress at = calls.ownAddress(listener).orElseThrow();
        ring.acceptAlways(listener, 2);
        ring.submit();
        assertThat(ring.hasCompletion()).isFalse();
        for (int i = 0; i < 3; i++) {
            try (Socket peer = new Socket(at.getAddress(), at.getPort())) {
                peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                int accepted = complete(2);
                assertThat(accepted).isPositive();
                assertThat(calls.peek(accepted)).isEqualTo(1);
                assertThat(calls.close(accepted)).isZero();
            }
        }
        ring.cancel(2, 3);
        ring.submit();
        assertThat(Errno.ofResult(complete(2))).isEqualTo(Errno.ECANCELED);
        assertThat(calls.close(listener)).isZero();
    }

    @Test
    void aRefusalIsTheConnectsResult() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = closed.getLocalPort();
        }
        int socket = socket();
        ring.connect(socket, address("127.0.0.1", port), 2);
        ring.submit();
        assertThat(Errno.ofResult(complete(2))).isEqualTo(Errno.ECONNREFUSED);
        assertThat(calls.close(socket)).isZero();
    }

    @Test
    void aFailedSettingIsTold() throws IOException {
        int socket = socket();
        ring.bind(socket, address("192.0.2.1", 0), 2);
        ring.submit();
        assertThat(Errno.ofResult(complete(2))).isEqualTo(Errno.EADDRNOTAVAIL);
        assertThat(calls.close(socket)).isZero();
    }

    @Test
    void aCancelledOperationLetsTheSocketGo() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int socket = socket();
            ring.connect(socket, address("127.0.0.1", listener.getLocalPort()), 2);
            ring.submit();
            assertThat(complete(2)).isZero();
            try (Socket peer = listener.accept()) {
                ring.pollAlways(socket, POLLIN, 3);
                ring.submit();
                assertThat(ring.hasCompletion()).isFalse();
                ring.cancel(3, 4);
                ring.close(socket, 5);
                ring.submit();
                assertThat(Errno.ofResult(complete(3))).isEqualTo(Errno.ECANCELED);
                assertThat(peer.getInputStream().read()).as("its FIN has come").isEqualTo(-1);
            }
        }
    }

    @Test
    void moreThanFitsIsSubmittedOnTheWay() {
        for (int i = 0; i < 20; i++) {
            ring.socket(SocketAddresses.AF_INET, 1);
        }
        ring.submit();
        for (int i = 0; i < 20; i++) {
            assertThat(calls.close(complete(1))).isZero();
        }
        assertThat(ring.staged()).isZero();
    }

    @Test
    void aWaitEndsInTime() {
        long before = System.nanoTime();
        ring.await(10_000_000);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(10_000_000);
        assertThat(ring.hasCompletion()).isFalse();
    }
}
