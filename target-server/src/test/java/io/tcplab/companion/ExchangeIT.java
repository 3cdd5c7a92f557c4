package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frame;
import io.tcplab.companion.protocol.Frames;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests in every cut, size and number. */
@Timeout(90)
@OverEachTransport
class ExchangeIT {

    private Companion companion;

    private void start(ServedProtocol protocol) throws CompanionException {
        companion = Companion.start(SettingsWith.of("eventLoops", 2, "protocol", protocol));
    }

    @AfterEach
    void stop() {
        companion.close();
    }

    private long count(ToLongFunction<CompanionCounts> which) {
        return which.applyAsLong(companion.counts());
    }

    private void awaitCount(long expected, ToLongFunction<CompanionCounts> which) throws InterruptedException {
        Eventually.until(() -> count(which) >= expected);
        assertThat(count(which)).isEqualTo(expected);
    }

    @Test
    void aRequestMayComeByteByByte() throws Exception {
        start(ServedProtocol.TCPLAB);
        try (Peer peer = new Peer(companion)) {
            for (int round = 0; round < 3; round++) {
                for (byte one : Frames.request(Peer.KEEP_OPEN, 0, 40, 100, round)) {
                    peer.send(new byte[] {one});
                }
                peer.expect(100, round);
            }
        }
        awaitCount(3, CompanionCounts::exchanges);
    }

    @Test
    void manyRequestsMayComeInOnePieceAndAreAnsweredInOrder() throws Exception {
        start(ServedProtocol.TCPLAB);
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        int count = 500;
        for (int i = 0; i < count; i++) {
            requests.writeBytes(Frames.request(Peer.KEEP_OPEN, 0, 16 + i % 50, i, i));
        }
        try (Peer peer = new Peer(companion)) {
            peer.send(requests.toByteArray());
            for (int i = 0; i < count; i++) {
                peer.expect(i, i);
            }
        }
        awaitCount(count, CompanionCounts::exchanges);
    }

    @Test
    void requestsInRandomCutsAreAnsweredInOrderWhileLargeResponsesStall() throws Exception {
        start(ServedProtocol.TCPLAB);
        Random random = new Random(7);
        int[] sizes = random.ints(40, 0, 3_000_000).toArray();
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < sizes.length; i++) {
            requests.writeBytes(Frames.request(
                    i == sizes.length - 1 ? CloseStyle.FIN : Peer.KEEP_OPEN, 0, 16 + sizes[i] / 50, sizes[i], i));
        }
        byte[] all = requests.toByteArray();
        try (Peer peer = new Peer(companion)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int at = 0; at < all.length; ) {
                        int end = Math.min(all.length, at + 1 + random.nextInt(100_000));
                        peer.send(Arrays.copyOfRange(all, at, end));
                        at = end;
                    }
                } catch (java.io.IOException broken) {
                    throw new java.io.UncheckedIOException(broken);
                }
            });
            for (int i = 0; i < sizes.length; i++) {
                peer.expect(sizes[i], i);
            }
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
            sender.join();
        }
        awaitCount(all.length, CompanionCounts::bytesIn);
        assertThat(count(CompanionCounts::bytesOut))
                .isEqualTo(Arrays.stream(sizes).asLongStream().sum());
    }

    @Test
    void aLargeRequestIsTakenWithoutBeingKept() throws Exception {
        start(ServedProtocol.TCPLAB);
        try (Peer peer = new Peer(companion)) {
            peer.exchange(CloseStyle.FIN, 0, Frame.MAX_REQUEST_BYTES, 1, 77);
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
        awaitCount(Frame.MAX_REQUEST_BYTES, CompanionCounts::bytesIn);
    }

    @Test
    void garbageIsAnsweredWithAResetAndHarmsNoOther() throws Exception {
        start(ServedProtocol.TCPLAB);
        Random random = new Random(5);
        try (Peer good = new Peer(companion)) {
            for (int i = 0; i < 30; i++) {
                byte[] garbage = new byte[16 + random.nextInt(5000)];
                random.nextBytes(garbage);
                garbage[0] = (byte) (i % 2 == 0 ? 0x54 : garbage[0] | 1);
                garbage[1] = 0;
                try (Peer bad = new Peer(companion)) {
                    bad.send(garbage);
                    assertThat(bad.end()).isEqualTo(Peer.End.RESET);
                }
                good.exchange(Peer.KEEP_OPEN, 0, 64, 64, i);
            }
        }
        awaitCount(30, CompanionCounts::badFrames);
        awaitCount(30, CompanionCounts::closedRst);
    }

    @Test
    void aBodyThatIsNotThePatternIsABadFrame() throws Exception {
        start(ServedProtocol.TCPLAB);
        byte[] request = Frames.request(Peer.KEEP_OPEN, 0, 10_000, 64, 3);
        request[9_999] ^= 1;
        try (Peer peer = new Peer(companion)) {
            peer.send(request);
            assertThat(peer.end()).isEqualTo(Peer.End.RESET);
        }
        awaitCount(1, CompanionCounts::badFrames);
    }

    @Test
    void anEchoComesBackWholeAlsoWhenThePeerReadsLate() throws Exception {
        start(ServedProtocol.ECHO);
        byte[] sent = new byte[30_000_000];
        new Random(1).nextBytes(sent);
        try (Peer peer = new Peer(companion)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    peer.send(sent);
                    peer.socket.shutdownOutput();
                } catch (java.io.IOException broken) {
                    throw new java.io.UncheckedIOException(broken);
                }
            });
            assertThat(Arrays.mismatch(peer.socket.getInputStream().readAllBytes(), sent))
                    .isEqualTo(-1);
            sender.join();
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0);
        awaitCount(sent.length, CompanionCounts::bytesOut);
        awaitCount(1, CompanionCounts::peerClosedFirst);
    }

    @Test
    void finishClosesTheIdleAndWaitsForTheBusy() throws Exception {
        start(ServedProtocol.TCPLAB);
        try (Peer idle = new Peer(companion);
                Peer busy = new Peer(companion)) {
            idle.exchange(Peer.KEEP_OPEN, 0, 64, 64, 0);
            int size = 50_000_000;
            busy.send(Frames.request(Peer.KEEP_OPEN, 0, 64, size, 1));
            Eventually.until(() -> count(CompanionCounts::bytesIn) == 128);
            Thread finisher = Thread.ofVirtual()
                    .start(() ->
                            assertThat(companion.finish(Duration.ofSeconds(30))).isTrue());
            assertThat(idle.end()).isEqualTo(Peer.End.EOF);
            busy.expect(size, 1);
            assertThat(busy.end()).isEqualTo(Peer.End.EOF);
            finisher.join();
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0);
        awaitCount(2, CompanionCounts::closedFin);
    }
}
