package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frames;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peer sees of each close, and what is counted for it. */
@Timeout(60)
@OverEachTransport
class CloseStyleIT {

    private static final int CONNECTIONS = 23;

    private Companion companion;

    private Companion start() throws CompanionException {
        companion = Companion.start(CompanionSettings.DEFAULTS);
        return companion;
    }

    @AfterEach
    void stop() {
        companion.close();
    }

    private long count(ToLongFunction<CompanionCounts> which) {
        return which.applyAsLong(companion.counts());
    }

    @ParameterizedTest
    @CsvSource({"FIN, 0, EOF", "RST, 0, RESET", "HALF_CLOSE, 0, EOF", "LINGER, 2, EOF", "LINGER, 0, RESET"})
    void thePeerSeesTheRequestedEndAfterTheLastByte(CloseStyle style, int lingerSeconds, Peer.End end)
            throws Exception {
        start();
        for (int i = 0; i < CONNECTIONS; i++) {
            try (Peer peer = new Peer(companion)) {
                peer.exchange(Peer.KEEP_OPEN, 0, 64, 64, i);
                peer.exchange(style, lingerSeconds, 64, 1000, i);
                assertThat(peer.end()).isEqualTo(end);
            }
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0);
        CompanionCounts counts = companion.counts();
        assertThat(counts.accepted()).isEqualTo(CONNECTIONS);
        assertThat(counts.exchanges()).isEqualTo(2 * CONNECTIONS);
        assertThat(counts.closedFin()).isEqualTo(style == CloseStyle.FIN ? CONNECTIONS : 0);
        assertThat(counts.closedRst()).isEqualTo(style == CloseStyle.RST ? CONNECTIONS : 0);
        assertThat(counts.closedHalfClose()).isEqualTo(style == CloseStyle.HALF_CLOSE ? CONNECTIONS : 0);
        assertThat(counts.closedLinger()).isEqualTo(style == CloseStyle.LINGER ? CONNECTIONS : 0);
        assertThat(counts.peerClosedFirst()).isZero();
        assertThat(counts.bytesIn()).isEqualTo(CONNECTIONS * 128L);
        assertThat(counts.bytesOut()).isEqualTo(CONNECTIONS * 1064L);
    }

    @Test
    void afterAHalfCloseThePeerMaySpeakOnUntilItsOwnFin() throws Exception {
        start();
        try (Peer peer = new Peer(companion)) {
            peer.exchange(CloseStyle.HALF_CLOSE, 0, 16, 10, 1);
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
            peer.send(new byte[5000]);
            Eventually.until(() -> count(CompanionCounts::bytesIn) == 5016);
            assertThat(count(CompanionCounts::active)).isEqualTo(1);
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0);
        assertThat(count(CompanionCounts::badFrames)).isZero();
        assertThat(count(CompanionCounts::resetsSeen)).isZero();
    }

    @Test
    void anAbandonedConnectionOutlivesThePeersFinAndEndsWithTheCompanion() throws Exception {
        start();
        try (Peer peer = new Peer(companion)) {
            peer.exchange(CloseStyle.ABANDON, 0, 16, 100, 1);
            peer.socket.shutdownOutput();
            try (Peer other = new Peer(companion)) {
                other.exchange(CloseStyle.FIN, 0, 16, 100, 1);
                assertThat(other.end()).isEqualTo(Peer.End.EOF);
            }
            Eventually.until(() -> count(CompanionCounts::active) == 1);
            assertThat(count(CompanionCounts::abandoned)).isEqualTo(1);
            peer.socket.setSoTimeout(300);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> peer.socket.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            peer.socket.setSoTimeout(20_000);
            companion.close();
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
    }

    @Test
    void aPeerThatClosesFirstIsCountedAsSuch() throws Exception {
        start();
        for (int i = 0; i < CONNECTIONS; i++) {
            try (Peer peer = new Peer(companion)) {
                peer.exchange(Peer.KEEP_OPEN, 0, 64, 64, i);
            }
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0 && count(CompanionCounts::accepted) == CONNECTIONS);
        assertThat(count(CompanionCounts::peerClosedFirst)).isEqualTo(CONNECTIONS);
        assertThat(count(CompanionCounts::closedFin)).isZero();
        assertThat(count(CompanionCounts::resetsSeen)).isZero();
    }

    @Test
    void aPeerThatResetsIsCountedAsSuch() throws Exception {
        start();
        for (int i = 0; i < CONNECTIONS; i++) {
            Peer peer = new Peer(companion);
            peer.exchange(Peer.KEEP_OPEN, 0, 64, 64, i);
            peer.reset();
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0 && count(CompanionCounts::accepted) == CONNECTIONS);
        assertThat(count(CompanionCounts::resetsSeen)).isEqualTo(CONNECTIONS);
        assertThat(count(CompanionCounts::peerClosedFirst)).isZero();
    }

    @Test
    void aRequestWithAFinBehindItIsStillAnswered() throws Exception {
        start();
        for (int responseBytes : new int[] {0, 64, 20_000_000}) {
            try (Peer peer = new Peer(companion)) {
                peer.send(Frames.request(Peer.KEEP_OPEN, 0, 64, responseBytes, 9));
                peer.socket.shutdownOutput();
                peer.expect(responseBytes, 9);
                assertThat(peer.end()).isEqualTo(Peer.End.EOF);
            }
        }
        Eventually.until(() -> count(CompanionCounts::active) == 0);
        assertThat(count(CompanionCounts::peerClosedFirst)).isEqualTo(3);
        assertThat(count(CompanionCounts::exchanges)).isEqualTo(3);
    }
}
