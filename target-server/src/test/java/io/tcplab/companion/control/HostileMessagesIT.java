package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frames;
import io.tcplab.companion.protocol.Pattern;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever peers of the companion send and however they end, no descriptor and no memory stays, nothing is written to standard error,
 * and the next peer is served. {@code -Dtcplab.hostile.messages=250000} sends that many in each protocol in place of 3,000.
 */
@Timeout(3600)
class HostileMessagesIT {

    private static final int MESSAGES = Integer.getInteger("tcplab.hostile.messages", 3_000);
    private static final long HEAP_SLACK = 3_000_000;
    private static final int[] SIZES = {
        0, 1, 15, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (64 << 20) + 1, (1 << 30) + 1
    };
    private static final String[] HTTP = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50),
        "GET / HTTP/1.1\r\nA: " + "b".repeat(20_000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "h: v\r\n".repeat(2_000) + "\r\n",
        "GET /" + "a".repeat(10_000) + " HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\nx",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nxx",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nxx",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(3_000),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "t: v\r\n".repeat(3_000) + "\r\n",
        "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        "GET /?size=1073741824 HTTP/1.1\r\n\r\n",
        "GET /?size=1073741825 HTTP/1.1\r\n\r\n",
        "HEAD /?size=1073741824 HTTP/1.1\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n".repeat(3),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\r\n : x\r\n\r\n",
        "\r\n".repeat(20_000),
        "GET /?size=100000 HTTP/1.1\r\n\r\n".repeat(50),
        "CONNECT a:1 HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\u0001"
    };

    private final Random random = new Random(20_261_125);
    private final HostilePeers peers = new HostilePeers(random);

    @ParameterizedTest
    @EnumSource
    void nothingStaysWhateverPeersSend(ServedProtocol protocol) throws Exception {
        String word = protocol.name().toLowerCase(Locale.ROOT);
        try (ServeProcess serving = ServeProcess.start(List.of("-XX:+UseSerialGC"), "--protocol", word)) {
            send(serving, protocol, 500);
            long before = serving.descriptorsDownTo(0, Duration.ofSeconds(1));
            long heapBefore = serving.heapBytes();
            send(serving, protocol, MESSAGES);
            assertThat(serving.descriptorsDownTo(before + 2, Duration.ofSeconds(60)))
                    .isLessThanOrEqualTo(before + 2);
            long heapAfter = serving.heapBytes();
            System.out.println(
                    MESSAGES + " messages, protocol " + word + ": live heap " + heapBefore / 1000 + " kB before, "
                            + heapAfter / 1000 + " kB after; descriptors " + before + " and " + serving.descriptors());
            assertThat(heapAfter).isLessThan(heapBefore + HEAP_SLACK);
            isServed(serving, protocol);
            assertThat(serving.terminate()).isEmpty();
        }
    }

    private void send(ServeProcess serving, ServedProtocol protocol, int messages) throws IOException {
        for (int i = 1; i <= messages; i++) {
            peers.send(serving.port, message(protocol));
            if (i % 250 == 0) {
                isServed(serving, protocol);
            }
        }
        peers.letGo();
    }

    private byte[] message(ServedProtocol protocol) {
        return switch (protocol) {
            case TCPLAB -> frames();
            case HTTP -> random.nextInt(8) == 0 ? garbage() : http();
            case ECHO, NONE -> random.nextInt(4) == 0 ? new byte[0] : garbage();
        };
    }

    private byte[] garbage() {
        byte[] garbage = new byte[random.nextInt(20) == 0 ? 200_000 : 1 + random.nextInt(4096)];
        random.nextBytes(garbage);
        return garbage;
    }

    private byte[] http() {
        byte[] message = HTTP[random.nextInt(HTTP.length)].getBytes(StandardCharsets.ISO_8859_1);
        return random.nextInt(4) == 0 ? Arrays.copyOf(message, random.nextInt(message.length)) : message;
    }

    private byte[] frames() {
        CloseStyle style = CloseStyle.values()[random.nextInt(4)];
        return switch (random.nextInt(10)) {
            case 0 -> garbage();
            case 1 -> damaged(4, SIZES[random.nextInt(SIZES.length)]);
            case 2 -> damaged(8, SIZES[3 + random.nextInt(SIZES.length - 3)]);
            case 3 -> damaged(0, random.nextInt());
            case 4 -> Arrays.copyOf(frame(style, 100, 100), random.nextInt(100));
            case 5 -> frame(style, 16, 1 << 30);
            case 6 -> frame(style, 16, 0);
            case 7 -> Arrays.copyOf(frame(null, 100_000, 10), 5_000);
            case 8 -> "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            default -> frame(style, 64, 64);
        };
    }

    private byte[] damaged(int at, int word) {
        byte[] frame = frame(null, 16, 64);
        ByteBuf _ = Unpooled.wrappedBuffer(frame).setInt(at, word);
        return frame;
    }

    private static byte[] frame(CloseStyle style, int requestBytes, int responseBytes) {
        return Frames.request(style, 1, requestBytes, responseBytes, 7);
    }

    private static void isServed(ServeProcess serving, ServedProtocol protocol) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", serving.port)) {
            socket.setSoTimeout(20_000);
            byte[] expected = new byte[3_000];
            Pattern.copy(7, 0, expected, 0, expected.length);
            switch (protocol) {
                case TCPLAB -> socket.getOutputStream().write(frame(null, 200, expected.length));
                case ECHO -> socket.getOutputStream().write(expected);
                case HTTP -> {
                    socket.getOutputStream()
                            .write("GET /?size=1 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    expected = "HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII);
                }
                case NONE -> {
                    socket.shutdownOutput();
                    expected = new byte[0];
                }
            }
            assertThat(socket.getInputStream()
                            .readNBytes(Math.max(expected.length, protocol == ServedProtocol.NONE ? 1 : 0)))
                    .isEqualTo(expected);
        }
    }
}
