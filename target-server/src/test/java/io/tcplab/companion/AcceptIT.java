package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.protocol.CloseStyle;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens between the listener and the first byte. */
@Timeout(60)
@OverEachTransport
class AcceptIT {

    private final List<SocketChannel> waiting = new ArrayList<>();
    private Companion companion;

    @AfterEach
    void stop() throws Exception {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        companion.close();
    }

    /** Starts connects without waiting for any: those beyond the queue stay in SYN_SENT. */
    private void connect(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(companion.address());
            waiting.add(channel);
        }
    }

    /** Recv-Q and Send-Q of the listener: the accept queue's length and limit (ss(8)). */
    private String queue() {
        try {
            Process ss = new ProcessBuilder(
                            "ss", "-Hltn", "sport = :" + companion.address().getPort())
                    .start();
            try (BufferedReader lines = ss.inputReader()) {
                String[] words = lines.readLine().strip().split("\\s+");
                return words[1] + "/" + words[2];
            }
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aPausedAcceptorLeavesBacklogPlusOneInTheQueue() throws Exception {
        companion = Companion.start(SettingsWith.of("backlog", 16, "acceptPaused", true));
        connect(40);
        Eventually.until(() -> queue().equals("17/16"));
        assertThat(companion.counts().accepted()).isZero();
        companion.resumeAccepting();
        Eventually.until(() -> companion.counts().accepted() >= 17);
        companion.pauseAccepting();
        long accepted = companion.counts().accepted();
        connect(5);
        Eventually.until(() -> !queue().startsWith("0/"));
        assertThat(companion.counts().accepted()).isEqualTo(accepted);
    }

    @Test
    void aDelayLeavesConnectionsInTheQueueAndTakesThemOneByOne() throws Exception {
        companion = Companion.start(SettingsWith.of("backlog", 64, "acceptDelayNanos", 3_000_000_000L));
        connect(10);
        Eventually.until(() -> queue().equals("10/64"));
        Eventually.until(() -> companion.counts().accepted() == 1);
        assertThat(queue()).isEqualTo("9/64");
    }

    @Test
    void finishTakesWhatWaitsInTheQueue() throws Exception {
        companion = Companion.start(CompanionSettings.DEFAULTS);
        for (int i = 0; i < 200; i++) {
            new Socket(companion.address().getAddress(), companion.address().getPort()).close();
        }
        assertThat(companion.finish(Duration.ofSeconds(20))).isTrue();
        assertThat(companion.counts().accepted()).isEqualTo(200);
        assertThat(companion.counts().active()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"fin, EOF", "rst, RESET", "half-close, EOF", "linger 1, EOF"})
    void anAcceptedConnectionIsClosedUnspoken(String how, Peer.End end) throws Exception {
        companion = Companion.start(SettingsWith.of("protocol", ServedProtocol.NONE, "closeOnAccept", how));
        for (int i = 0; i < 23; i++) {
            try (Peer peer = new Peer(companion)) {
                assertThat(peer.end()).isEqualTo(end);
            } catch (SocketException early) {
                // The reset may overtake the end of connect(2), which then reports it (connect(2), SO_ERROR).
                assertThat(early).hasMessageContaining("reset");
                assertThat(end).isEqualTo(Peer.End.RESET);
            }
        }
        Eventually.until(
                () -> companion.counts().active() == 0 && companion.counts().accepted() == 23);
        CompanionCounts counts = companion.counts();
        assertThat(counts.closedFin() + counts.closedRst() + counts.closedHalfClose() + counts.closedLinger())
                .isEqualTo(23);
    }

    @Test
    void nothingIsSpokenAndThePeerClosesFirst() throws Exception {
        companion = Companion.start(SettingsWith.of("protocol", ServedProtocol.NONE));
        for (int i = 0; i < 23; i++) {
            try (Peer peer = new Peer(companion)) {
                peer.send(new byte[i]);
            }
        }
        Eventually.until(() -> companion.counts().peerClosedFirst() == 23);
        assertThat(companion.counts().bytesIn()).isEqualTo(22 * 23 / 2);
    }

    @Test
    void anUnspokenConnectionMayBeAbandoned() throws Exception {
        companion = Companion.start(SettingsWith.of("protocol", ServedProtocol.NONE, "closeOnAccept", "abandon"));
        new Peer(companion).close();
        Eventually.until(() -> companion.counts().abandoned() == 1);
        assertThat(companion.counts().active()).isEqualTo(1);
        assertThat(companion.finish(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void acceptedSocketsHaveTheOptionsThatWereAskedFor() throws Exception {
        companion = Companion.start(new CompanionSettings(
                "127.0.0.1",
                0,
                new AcceptSettings(10, 0, false, 1, true, 8192, 8192, 0, 0),
                ServedProtocol.TCPLAB,
                CloseOnAccept.NONE,
                null,
                0));
        try (Peer peer = new Peer(companion)) {
            peer.exchange(Peer.KEEP_OPEN, 0, 64, 64, 1);
            // The kernel doubles what was asked (socket(7)).
            Process ss = new ProcessBuilder(
                            "ss", "-Htnm", "sport = :" + companion.address().getPort())
                    .start();
            try (BufferedReader lines = ss.inputReader()) {
                assertThat(lines.readAllAsString()).contains("rb16384").contains("tb16384");
            }
        }
    }

    @Test
    void aTakenPortAndAForeignAddressAreNamedWithTheRemedy() throws Exception {
        companion = Companion.start(CompanionSettings.DEFAULTS);
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Companion.start(SettingsWith.of("port", busy.getLocalPort())))
                    .isInstanceOf(CompanionException.class)
                    .hasMessage("bind 127.0.0.1:" + busy.getLocalPort()
                            + ": EADDRINUSE, another socket listens there; stop it or choose another port");
        }
        assertThatThrownBy(() -> Companion.start(SettingsWith.of("host", "198.18.77.77")))
                .isInstanceOf(CompanionException.class)
                .hasMessageContaining("EADDRNOTAVAIL");
    }

    @Test
    void ipv6IsServedToo() throws Exception {
        companion = Companion.start(SettingsWith.of("host", "::1"));
        assertThat(companion.addressText()).startsWith("[::1]:");
        try (Peer peer =
                new Peer(new InetSocketAddress("::1", companion.address().getPort()))) {
            peer.exchange(CloseStyle.FIN, 0, 64, 64, 1);
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
    }

    @Test
    void portsAreTakenFromTheFixedRange() throws Exception {
        companion = Companion.start(CompanionSettings.DEFAULTS);
        try (Companion second = Companion.start(CompanionSettings.DEFAULTS)) {
            assertThat(second.address().getPort())
                    .isBetween(CompanionSettings.FIRST_PORT, CompanionSettings.LAST_PORT)
                    .isNotEqualTo(companion.address().getPort());
        }
    }
}
