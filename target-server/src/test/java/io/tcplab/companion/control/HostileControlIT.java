package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever peers of the control endpoint do, no descriptor stays, nothing is written to standard error, and the next is answered.
 * {@code -Dtcplab.hostile.control=100000} sends that many messages in place of 3,000.
 */
@Timeout(1800)
class HostileControlIT {

    private static final int MESSAGES = Integer.getInteger("tcplab.hostile.control", 3_000);
    /** Observations are kept for ten minutes: they fill up meanwhile. */
    private static final long HEAP_SLACK = 30_000_000;

    private static final String[] PATHS = {
        "/counts",
        "/clock",
        "/side",
        "/observations",
        "/metrics",
        "/health",
        "/pause",
        "/resume",
        "/nothing",
        "/",
        "*",
        "//",
        "/%"
    };
    private static final String HOST = "Host: localhost\r\n";
    private static final String CANARY = "GET /counts HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

    private final Random random = new Random(20_261_125);
    private final HostilePeers peers = new HostilePeers(random);

    private String message() {
        String method = random.nextBoolean() ? "GET " : "POST ";
        String head = method + PATHS[random.nextInt(PATHS.length)] + " HTTP/1.1\r\n" + HOST;
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> head + "\r\n";
            case 3 -> head.substring(0, random.nextInt(head.length()));
            case 4 -> head + "Content-Length: 10\r\n\r\n";
            case 5 -> head + "Content-Length: 100000\r\n\r\n" + "x".repeat(100_000);
            case 6 -> head + "Content-Length: -1\r\n\r\n";
            case 7 -> head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx";
            case 8 -> head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n";
            case 9 -> head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
            case 10 -> head + "A: " + "b".repeat(30_000);
            case 11 -> head + "\r\n" + head + "\r\n" + head + "\r\n";
            case 12 -> head + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n";
            default -> {
                byte[] garbage = new byte[1 + random.nextInt(2000)];
                random.nextBytes(garbage);
                yield new String(garbage, StandardCharsets.ISO_8859_1);
            }
        };
    }

    @Test
    void noDescriptorStaysAndNothingIsWrittenWhateverPeersDo() throws Exception {
        try (ServeProcess serving = ServeProcess.start(List.of(), "--control", "127.0.0.1:0")) {
            // The JVM opens some descriptors when it first needs them.
            for (int i = 0; i < 200; i++) {
                peers.send(serving.controlPort, message().getBytes(StandardCharsets.ISO_8859_1));
            }
            for (String path : PATHS) {
                serving.ask("GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
            }
            peers.letGo();
            long before = serving.descriptorsDownTo(0, Duration.ofSeconds(1));
            long heapBefore = serving.heapBytes();
            for (int i = 1; i <= MESSAGES; i++) {
                peers.send(serving.controlPort, message().getBytes(StandardCharsets.ISO_8859_1));
                if (i % 100 == 0) {
                    assertThat(serving.ask(CANARY)).isEqualTo("HTTP/1.1 200 OK");
                }
            }
            peers.letGo();
            assertThat(serving.descriptorsDownTo(before + 2, Duration.ofSeconds(20)))
                    .isLessThanOrEqualTo(before + 2);
            assertThat(serving.ask(CANARY)).isEqualTo("HTTP/1.1 200 OK");
            long heapAfter = serving.heapBytes();
            System.out.println(MESSAGES + " messages to the control endpoint: live heap " + heapBefore / 1000
                    + " kB before, " + heapAfter / 1000 + " kB after");
            assertThat(heapAfter).isLessThan(heapBefore + HEAP_SLACK);
            assertThat(serving.terminate()).isEmpty();
        }
    }

    @Test
    void aScraperThatResetsLeavesNothingBehind() throws Exception {
        try (ServeProcess serving = ServeProcess.start(List.of(), "--control", "127.0.0.1:0")) {
            serving.ask("GET /metrics HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
            long before = serving.descriptors();
            for (int i = 0; i < 200; i++) {
                SocketChannel peer = SocketChannel.open(new InetSocketAddress("127.0.0.1", serving.controlPort));
                peer.write(ByteBuffer.wrap(
                        ("GET /metrics HTTP/1.1\r\n" + HOST + "\r\n").getBytes(StandardCharsets.US_ASCII)));
                HostilePeers.reset(peer);
            }
            assertThat(serving.descriptorsDownTo(before + 2, Duration.ofSeconds(20)))
                    .isLessThanOrEqualTo(before + 2);
            assertThat(serving.terminate()).isEmpty();
        }
    }

    /** An incomplete request is given 10 s, whether its head or its body is late. */
    @Test
    void aSlowRequestIsGivenUp() throws Exception {
        try (ServeProcess serving = ServeProcess.start(List.of(), "--control", "127.0.0.1:0")) {
            for (String part :
                    new String[] {"GET /counts HTT", "POST /resume HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n"
                    }) {
                assertThat(serving.ask(part)).isEmpty();
            }
            assertThat(serving.ask(CANARY)).isEqualTo("HTTP/1.1 200 OK");
        }
    }
}
