package io.tcplab.loadgen.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.plan.ProfileReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a socket of an io_uring does while its handshake, its input or its close is in progress. */
@Timeout(60)
class UringWiresIT {

    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path directory;

    private ServerSocket listener;
    private UringWires wires;

    private static final class Owner implements Wire.Owner {
        int told;
        boolean hangUp;
        int unsent;
        int unsentErrno;

        @Override
        public void ready(boolean closed) {
            told++;
            hangUp |= closed;
        }

        @Override
        public void unsent(int bytes, int errno) {
            unsent = bytes;
            unsentErrno = errno;
        }

        @Override
        public void closing() {}

        @Override
        public int fetch() {
            return 0;
        }
    }

    private static final class Here implements ThreadAwareExecutor {
        private final Thread here = Thread.currentThread();

        @Override
        public boolean isExecutorThread(Thread thread) {
            return thread == here;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    private record Waiting(long nanos) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return nanos > 0;
        }

        @Override
        public long delayNanos(long now) {
            return nanos;
        }

        @Override
        public long deadlineNanos() {
            return System.nanoTime() + nanos;
        }
    }

    private static final Waiting LOOKING = new Waiting(0);

    @BeforeEach
    void listen() throws IOException {
        String refusal = UringWires.refusal();
        Assumptions.assumeTrue(refusal == null, "needs io_uring: " + refusal);
        listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Path file = Files.writeString(
                directory.resolve("p.yaml"), "connections: 1\nload: {closed: {concurrency: 1}}\nmix: [{name: only}]\n");
        wires = new UringWires(
                ProfileReader.read(file, List.of()).client(),
                List.of(new InetSocketAddress("127.0.0.1", listener.getLocalPort())),
                List.of(InetAddress.getByName("127.0.0.9")),
                new Here());
        wires.enterLoop();
    }

    @AfterEach
    void end() throws IOException {
        if (wires != null) {
            wires.ioHandler().destroy();
        }
        if (listener != null) {
            listener.close();
        }
    }

    private Wire open(Owner owner) {
        Wire wire = wires.open(owner, 0);
        assertThat(wire).as("%s: %d", wires.failedCall(), wires.failureErrno()).isNotNull();
        return wire;
    }

    private void runUntilTold(Owner owner, int times) {
        for (long end = System.nanoTime() + 20 * SECOND; owner.told < times && System.nanoTime() < end; ) {
            wires.ioHandler().run(new Waiting(SECOND / 10));
        }
        assertThat(owner.told).isGreaterThanOrEqualTo(times);
    }

    /** Connects until the accept queue is full and a handshake stays unanswered; returns those before, and it as the last. */
    private List<Wire> fillQueue(Owner last) {
        List<Wire> all = new ArrayList<>();
        while (all.size() < 10) {
            Wire wire = open(last);
            all.add(wire);
            if (wire.connect() == Wire.IN_PROGRESS) {
                return all;
            }
        }
        throw new AssertionError("no accept queue is as long");
    }

    private long handshakesInProgress() throws IOException {
        String port = ":%04X".formatted(listener.getLocalPort());
        return Files.readAllLines(Path.of("/proc/self/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[2].endsWith(port) && fields[3].equals("02"))
                .count();
    }

    @Test
    void aHandshakeThatNobodyAnswersCanBeGivenUp() throws IOException {
        List<Wire> all = fillQueue(new Owner());
        Wire unanswered = all.getLast();
        assertThat(unanswered.establishedNow()).isZero();
        assertThat(unanswered.send(new Buffer(16), 16)).isEqualTo(Wire.AGAIN);
        unanswered.await(true);
        wires.ioHandler().run(new Waiting(1_000_000));
        assertThat(unanswered.connectResult()).isEqualTo(Wire.IN_PROGRESS);
        assertThat(handshakesInProgress()).isOne();

        assertThat(unanswered.release()).isZero();
        assertThat(handshakesInProgress()).as("none is left in SYN_SENT").isZero();
        all.removeLast();
        all.forEach(Wire::release);
        wires.ioHandler().run(LOOKING);
        assertThat(wires.awaitsReadiness()).isFalse();
    }

    @Test
    void aHandshakeThatEndsLaterIsTold() throws IOException {
        Owner owner = new Owner();
        List<Wire> all = fillQueue(owner);
        Wire late = all.getLast();
        late.await(true);
        List<Socket> peers = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            peers.add(listener.accept());
        }
        runUntilTold(owner, 1); // the SYN is sent again after a second
        assertThat(late.connectResult()).isZero();
        all.forEach(Wire::release);
        for (Socket peer : peers) {
            peer.close();
        }
    }

    /** As by a server at its limit: a request that would be sent now is lost. */
    @Test
    void aFinThatComesWithTheEndOfAHandshakeIsToldWithIt() throws IOException {
        Owner owner = new Owner();
        List<Wire> all = fillQueue(owner);
        Wire late = all.getLast();
        late.await(true);
        wires.ioHandler().run(LOOKING);
        for (int i = 0; i < all.size(); i++) {
            listener.accept().close(); // the last one when its SYN is sent again after a second
        }
        runUntilTold(owner, 1);
        assertThat(late.connectResult()).isZero();
        assertThat(owner.hangUp).isTrue();
        assertThat(late.receive(new Buffer(16))).isZero();
        all.forEach(Wire::release);
    }

    @Test
    void whatComesBehindAResponseIsReadWithIt() throws IOException {
        Owner owner = new Owner();
        Wire wire = open(owner);
        assertThat(wire.connect()).isZero();
        wire.expect();
        byte[] sent = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        try (Socket peer = listener.accept()) {
            peer.getOutputStream().write(sent);
        }
        runUntilTold(owner, 1);
        Buffer buffer = new Buffer(1 << 16);
        assertThat(wire.receive(buffer)).isEqualTo(sent.length);
        assertThat(wire.receive(buffer)).isZero();
        assertThat(wire.peek()).isZero();
        assertThat(wire.release()).isZero();
    }

    @Test
    void aReceiveThatHasNotBegunEndsWithItsSocket() throws IOException {
        Owner former = new Owner();
        Wire closed = connected(former);
        closed.expect();
        assertThat(wires.awaitsReadiness()).isTrue();
        assertThat(closed.release()).isZero();
        assertThat(wires.awaitsReadiness()).as("nothing is in progress").isFalse();
        listener.accept().close();

        Owner owner = new Owner();
        Wire wire = connected(owner);
        assertThat(wire).as("serves the next connection").isSameAs(closed);
        wire.expect();
        try (Socket peer = listener.accept()) {
            peer.getOutputStream().write('x');
            runUntilTold(owner, 1);
            Buffer buffer = new Buffer(16);
            assertThat(wire.receive(buffer)).isOne();
            assertThat(former.told).isZero();
            assertThat(wire.receive(buffer)).isEqualTo(Wire.AGAIN);
        }
        assertThat(wire.release()).isZero();
        assertThat(wires.awaitsReadiness()).isFalse();
    }

    @Test
    void aReceiveBeginsInTheTurnAfterTheOneInWhichItIsAskedFor() throws IOException {
        Owner owner = new Owner();
        Wire wire = connected(owner);
        try (Socket peer = listener.accept()) {
            wire.expect();
            peer.getOutputStream().write('x');
            for (long end = System.nanoTime() + 20 * SECOND; wire.peek() != 1 && System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            assertThat(wire.peek()).isOne();
            wires.ioHandler().run(LOOKING);
            assertThat(owner.told).isZero();
            wires.ioHandler().run(LOOKING);
            assertThat(owner.told).isOne();
            assertThat(wire.receive(new Buffer(16))).isOne();
        }
        assertThat(wire.release()).isZero();
    }

    @Test
    void whatComesWhileTheLoopWaitsEndsTheWait() throws IOException, InterruptedException {
        Owner owner = new Owner();
        Wire wire = connected(owner);
        try (Socket peer = listener.accept()) {
            wire.expect();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    peer.getOutputStream().write('x');
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            runUntilTold(owner, 1);
            writer.join();
            assertThat(wire.receive(new Buffer(16))).isOne();
        }
        assertThat(wire.release()).isZero();
    }

    @Test
    void aCloseEndsWhatIsInProgress() throws IOException {
        Owner owner = new Owner();
        Wire wire = open(owner);
        assertThat(wire.connect()).isZero();
        wire.await(true);
        wire.expect();
        try (Socket peer = listener.accept()) {
            wires.ioHandler().run(LOOKING);
            assertThat(wire.release()).isZero();
            assertThat(peer.getInputStream().read()).as("its FIN has come").isEqualTo(-1);
        }
        int told = owner.told;
        wires.ioHandler().run(new Waiting(1_000_000));
        assertThat(owner.told).isEqualTo(told);
    }

    /** What the close ends must not begin anew: the descriptor is another's as soon as somebody opens one. */
    @Test
    void nothingIsBegunOnASocketThatIsClosed() throws IOException {
        Wire wire = connected(new Owner());
        try (Socket peer = listener.accept()) {
            wire.expect();
            wires.ioHandler().run(new Waiting(1_000_000));
            wire.await(false);
            assertThat(wire.release()).isZero();
            assertThat(wires.poller().ring().staged()).isZero();
            assertThat(peer.getInputStream().read()).as("its FIN has come").isEqualTo(-1);
        }
        wires.ioHandler().run(LOOKING);
        assertThat(wires.awaitsReadiness()).isFalse();
    }

    private Wire connected(Owner owner) {
        Wire wire = open(owner);
        assertThat(wire.connect()).isZero();
        return wire;
    }

    private static Buffer request() {
        Buffer buffer = new Buffer(4096);
        buffer.bytes().put("request".getBytes(StandardCharsets.US_ASCII));
        return buffer;
    }

    private static String read(Socket peer) throws IOException {
        return new String(peer.getInputStream().readNBytes(7), StandardCharsets.US_ASCII);
    }

    @Test
    void aRequestGoesOutWithTheNextLook() throws IOException {
        Wire wire = connected(new Owner());
        try (Socket peer = listener.accept()) {
            Buffer buffer = request();
            assertThat(wire.sendSoon(buffer, 7)).isEqualTo(7);
            buffer.bytes().clear().put("another".getBytes(StandardCharsets.US_ASCII));
            wire.expect();
            assertThat(peer.getInputStream().available()).isZero();
            assertThat(wires.awaitsReadiness()).isTrue();
            wires.ioHandler().run(LOOKING);
            assertThat(read(peer)).isEqualTo("request");
            assertThat(wire.send(buffer, 7)).isEqualTo(7);
            assertThat(read(peer)).isEqualTo("another");
        }
        assertThat(wire.release()).isZero();
    }

    @Test
    void aRequestGoesOutBeforeAnotherConnectionBegins() throws IOException {
        Wire wire = connected(new Owner());
        try (Socket peer = listener.accept()) {
            assertThat(wire.sendSoon(request(), 7)).isEqualTo(7);
            Wire other = open(new Owner());
            assertThat(peer.getInputStream().available()).isEqualTo(7);
            assertThat(other.release()).isZero();
        }
        assertThat(wire.release()).isZero();
    }

    @Test
    void whatFollowsARequestComesBehindIt() throws IOException {
        Wire halfClosed = connected(new Owner());
        try (Socket peer = listener.accept()) {
            assertThat(halfClosed.sendSoon(request(), 7)).isEqualTo(7);
            assertThat(halfClosed.shutdownOutput()).isZero();
            assertThat(read(peer)).isEqualTo("request");
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(halfClosed.release()).isZero();
        Wire closed = connected(new Owner());
        try (Socket peer = listener.accept()) {
            assertThat(closed.sendSoon(request(), 7)).isEqualTo(7);
            assertThat(closed.release()).isZero();
            assertThat(read(peer)).isEqualTo("request");
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        Wire twice = connected(new Owner());
        try (Socket peer = listener.accept()) {
            assertThat(twice.sendSoon(request(), 7)).isEqualTo(7);
            assertThat(twice.sendSoon(request(), 6)).isEqualTo(6);
            wires.ioHandler().run(LOOKING);
            byte[] both = peer.getInputStream().readNBytes(13);
            assertThat(new String(both, StandardCharsets.US_ASCII)).isEqualTo("requestreques");
        }
        assertThat(twice.release()).isZero();
    }

    @Test
    void aRequestThatCannotBeSentIsTold() throws IOException {
        Owner owner = new Owner();
        Wire wire = connected(owner);
        try (Socket peer = listener.accept()) {
            peer.setSoLinger(true, 0);
        }
        assertThat(wire.sendSoon(request(), 7)).isEqualTo(7);
        runUntilTold(owner, 1);
        assertThat(owner.unsent).isEqualTo(7);
        assertThat(owner.unsentErrno).isEqualTo(Errno.ECONNRESET.number());
        assertThat(wire.release()).isZero();
        assertThat(wires.awaitsReadiness()).isFalse();
    }

    /** Its sending ends no wait: with one connection each exchange is one call. */
    @Test
    void aLoopSendsARequestAndWaitsForItsAnswerInOneCall() throws IOException, InterruptedException {
        Owner owner = new Owner();
        Wire wire = connected(owner);
        try (Socket peer = listener.accept()) {
            for (int turns = 0; turns < 4; turns++) { // what was begun for the next connections ends
                wires.ioHandler().run(LOOKING);
            }
            Thread answering = Thread.ofPlatform().start(() -> {
                try {
                    String asked = read(peer);
                    peer.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(wire.sendSoon(request(), 7)).isEqualTo(7);
            wire.expect();
            wires.ioHandler().run(new Waiting(20 * SECOND));
            assertThat(owner.told).isOne();
            answering.join();
            assertThat(wire.receive(new Buffer(16))).isEqualTo(7);
        }
        assertThat(wire.release()).isZero();
    }

    /** More than its own buffer and the peer's take: the rest waits for room, and what comes behind it waits as well. */
    @Test
    void aRequestThatFindsNoRoomIsSentWhenThereIsSome() throws IOException {
        Owner owner = new Owner();
        Wire wire = connected(owner);
        try (Socket peer = listener.accept()) {
            Buffer buffer = new Buffer(1 << 16);
            long filled = 0;
            for (int sent = 0; sent != Wire.AGAIN; filled += Math.max(0, sent)) {
                sent = wire.send(buffer, buffer.size());
            }
            assertThat(wire.sendSoon(request(), 7)).isEqualTo(7);
            wires.ioHandler().run(LOOKING);
            wires.ioHandler().run(LOOKING);
            assertThat(wire.send(buffer, 16)).as("behind the request").isEqualTo(Wire.AGAIN);
            peer.getInputStream().skipNBytes(filled);
            for (long end = System.nanoTime() + 20 * SECOND;
                    peer.getInputStream().available() < 7 && System.nanoTime() < end; ) {
                wires.ioHandler().run(new Waiting(SECOND / 100));
            }
            assertThat(read(peer)).isEqualTo("request");
            wires.ioHandler().run(LOOKING);
            assertThat(owner.unsent).isZero();
            assertThat(wire.send(buffer, 16)).isEqualTo(16);
        }
        assertThat(wire.release()).isZero();
        assertThat(wires.awaitsReadiness()).isFalse();
    }

    /** What has found no room must not go out by a descriptor that is another's by then. */
    @Test
    void aRequestThatFindsNoRoomEndsWithItsSocket() throws IOException {
        Wire wire = connected(new Owner());
        try (Socket _ = listener.accept()) {
            Buffer buffer = new Buffer(1 << 16);
            while (wire.send(buffer, buffer.size()) != Wire.AGAIN) {
                // until there is no room
            }
            assertThat(wire.sendSoon(request(), 7)).isEqualTo(7);
            assertThat(wire.release()).isZero();
            assertThat(wires.poller().ring().staged()).isZero();
            wires.ioHandler().run(LOOKING);
            assertThat(wires.awaitsReadiness()).isFalse();
        }
    }

    @Test
    void aLongRequestIsSentAtOnce() throws IOException {
        Wire wire = connected(new Owner());
        try (Socket peer = listener.accept()) {
            assertThat(wire.sendSoon(request(), 4096)).isEqualTo(4096);
            assertThat(peer.getInputStream().available()).isEqualTo(4096);
        }
        assertThat(wire.release()).isZero();
    }
}
