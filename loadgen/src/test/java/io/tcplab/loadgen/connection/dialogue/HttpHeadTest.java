package io.tcplab.loadgen.connection.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HttpHeadTest {

    private final HttpHead head = new HttpHead();

    private boolean read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return head.read(ByteBuffer.wrap(bytes), bytes.length);
    }

    @Test
    void plainHeadIsReadWhereItLies() {
        String text = "HTTP/1.1 200 OK\r\nServer: x\r\nCONTENT-length:  12 \r\nConnection: close\r\n\r\n";
        assertThat(read(text.replace("12 ", "12") + "hello")).isTrue();
        assertThat(head.contentLength()).isEqualTo(12);
        assertThat(head.headBytes()).isEqualTo(text.length() - 1);
        assertThat(head.succeeded()).isTrue();
    }

    @Test
    void statusDecidesSuccess() {
        assertThat(read("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")).isTrue();
        assertThat(head.succeeded()).isFalse();
        assertThat(read("HTTP/1.1 301\r\nContent-Length: 0\r\n\r\n")).isTrue();
        assertThat(head.succeeded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r",
                "HTTP/1.1 200 OK\r\nContent-Length: 5",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n folded\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\n",
                "ICY 200 OK whatever\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\nContent-Length: 5\r\n\r\n"
            })
    void whatIsNotPlainIsLeftToTheDecoder(String text) {
        assertThat(read(text)).isFalse();
    }

    /** Whatever it takes for plain, Netty's decoder reads the same from it. */
    @Test
    void agreesWithAWholeDecoderOnDamagedHeads() {
        Random random = new Random(4711);
        List<String> parts = List.of(
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.0 503 No\r\n",
                "Content-Length: 7\r\n",
                "content-length:31\r\n",
                "Transfer-Encoding: chunked\r\n",
                "X-Content-Length: 9\r\n",
                "Content-Lengths: 9\r\n",
                "Server: a b c\r\n",
                "\r\n",
                " \r\n",
                "Te: x\r\n",
                "1234567",
                "\n");
        int plain = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(parts.get(random.nextInt(2)));
            for (int j = random.nextInt(6); j >= 0; j--) {
                text.append(parts.get(2 + random.nextInt(parts.size() - 2)));
            }
            if (random.nextInt(4) == 0) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            if (read(text.toString())) {
                plain++;
                EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder());
                decoder.writeInbound(Unpooled.copiedBuffer(text.toString(), StandardCharsets.ISO_8859_1));
                HttpResponse response = decoder.readInbound();
                assertThat(response.decoderResult().isSuccess())
                        .as(text.toString())
                        .isTrue();
                assertThat(response.headers().getInt("content-length"))
                        .as(text.toString())
                        .isEqualTo((int) head.contentLength());
                assertThat(response.status().code() < 400).as(text.toString()).isEqualTo(head.succeeded());
                decoder.finishAndReleaseAll();
            }
        }
        assertThat(plain).isGreaterThan(300);
    }
}
