package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a peer ends a connection, and whenever: its descriptor is given back, nothing is printed, and others are served. */
@Timeout(120)
@OverEachTransport
class EndingsIT {

    private static final int CONNECTIONS = 40;
    private static final int LARGE = 3_000_000;

    /** Where in the exchange the peer ends. */
    enum Moment {
        CONNECTED,
        IN_HEAD,
        IN_BODY,
        WRITING,
        PIPELINED,
        HALF_CLOSED
    }

    static Stream<Arguments> endings() {
        return Stream.of(ServedProtocol.values())
                .flatMap(protocol -> Stream.of(Moment.values())
                        .flatMap(moment -> Stream.of(true, false).map(rst -> Arguments.of(protocol, moment, rst))));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void aPeerMayEndAtAnyMoment(ServedProtocol protocol, Moment moment, boolean rst) throws Exception {
        CompanionSettings settings = SettingsWith.of("protocol", protocol);
        try (Companion companion = Companion.start(settings);
                Printed printed = new Printed()) {
            endOne(companion, protocol, moment, rst);
            awaitEnded(companion, 1);
            long before = descriptors();
            for (int i = 0; i < CONNECTIONS; i++) {
                endOne(companion, protocol, moment, rst);
            }
            awaitEnded(companion, CONNECTIONS + 1);
            assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
            isStillServed(companion, protocol);
            assertThat(printed.text()).isEmpty();
        }
    }

    /** The peer has reset before the companion sends the FIN that was asked for: shutdown(2) fails with ENOTCONN. */
    @Test
    void aPeerMayResetBeforeTheHalfCloseItAskedFor() throws Exception {
        try (Companion companion = Companion.start(CompanionSettings.DEFAULTS);
                Printed printed = new Printed()) {
            companion.pauseAccepting();
            for (int i = 0; i < CONNECTIONS; i++) {
                Peer peer = new Peer(companion);
                peer.send(Frames.request(CloseStyle.HALF_CLOSE, 0, 16, 0, 1));
                peer.reset();
            }
            long before = descriptors();
            companion.resumeAccepting();
            awaitEnded(companion, CONNECTIONS);
            assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
            isStillServed(companion, ServedProtocol.TCPLAB);
            assertThat(printed.text()).isEmpty();
        }
    }

    private static void awaitEnded(Companion companion, long connections) throws InterruptedException {
        Eventually.until(() -> companion.counts().accepted() == connections);
        Eventually.until(() -> companion.counts().active() == 0);
    }

    private static void endOne(Companion companion, ServedProtocol protocol, Moment moment, boolean rst)
            throws IOException {
        Peer peer = new Peer(companion);
        byte[] request = request(protocol);
        switch (moment) {
            case CONNECTED -> {}
            case IN_HEAD -> peer.send(Arrays.copyOf(request, 7));
            case IN_BODY -> peer.send(Arrays.copyOf(request, request.length - 3));
            case WRITING -> peer.send(request);
            case PIPELINED -> {
                peer.send(request);
                peer.send(request);
            }
            case HALF_CLOSED -> {
                peer.send(request);
                peer.socket.shutdownOutput();
            }
        }
        if (rst) {
            peer.reset();
        } else {
            peer.close();
        }
    }

    /** With a body, and a response too large for the buffers between the two. */
    private static byte[] request(ServedProtocol protocol) {
        return protocol == ServedProtocol.HTTP
                ? ("POST /?size=" + LARGE + " HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n" + "x".repeat(20))
                        .getBytes(StandardCharsets.US_ASCII)
                : Frames.request(Peer.KEEP_OPEN, 0, 100, LARGE, 5);
    }

    private static void isStillServed(Companion companion, ServedProtocol protocol) throws IOException {
        try (Peer canary = new Peer(companion)) {
            switch (protocol) {
                case TCPLAB -> canary.exchange(Peer.KEEP_OPEN, 0, 100, 1000, 3);
                case ECHO -> {
                    canary.send(new byte[] {1, 2, 3});
                    assertThat(canary.socket.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
                }
                case HTTP -> {
                    canary.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(new String(canary.socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 200");
                }
                case NONE -> {}
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** What is printed on standard error meanwhile. */
    private static final class Printed implements AutoCloseable {
        private final PrintStream before = System.err;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Printed() {
            System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            System.setErr(before);
        }
    }
}
