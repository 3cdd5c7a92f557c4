package io.tcplab.loadgen.connection.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HttpHeadTest {

    private final HttpHead head = new HttpHead();

    /** A byte before and bytes behind are none of the head's. */
    private int read(String text) {
        byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.ISO_8859_1);
        return head.read(ByteBuffer.wrap(bytes), 1, bytes.length - 1);
    }

    @Test
    void aHeadIsReadWhereItLies() {
        String text = "HTTP/1.1 200 OK\r\nServer: x\r\nCONTENT-length:  12 \r\nConnection: close\r\n\r\n";
        assertThat(read(text + "hello")).isEqualTo(text.length());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.contentLength()).isEqualTo(12);
        assertThat(head.closes()).isTrue();
        assertThat(head.isCoded()).isFalse();
    }

    /** Between two of the same there is another one, one that differs in a byte, a part, or something that is no head. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 503 OK\r\nContent-Length: 12\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nKeep-Alive: timeout=5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n",
                "HTTP/1.1 20",
                "SSH-2.0-OpenSSH\r\n"
            })
    void aHeadThatComesAgainIsTheSame(String between) {
        String text = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n";
        for (int times = 0; times < 3; times++) {
            assertThat(read(text + "hello")).isEqualTo(text.length());
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.contentLength()).isEqualTo(12);
            assertThat(head.closes() || head.isCoded()).isFalse();
            assertThat(head.idleSeconds()).isEqualTo(HttpHead.ABSENT);
            read(between);
            HttpHead anew = new HttpHead();
            byte[] bytes = between.getBytes(StandardCharsets.ISO_8859_1);
            if (anew.read(ByteBuffer.wrap(bytes), 0, bytes.length) > 0) {
                assertThat(head.status()).isEqualTo(anew.status());
                assertThat(head.contentLength()).isEqualTo(anew.contentLength());
                assertThat(head.isChunked()).isEqualTo(anew.isChunked());
                assertThat(head.idleSeconds()).isEqualTo(anew.idleSeconds());
            }
        }
    }

    @Test
    void theBufferIsLeftAsItWas() {
        ByteBuffer bytes = ByteBuffer.wrap("xHTTP/1.1 204 No Content\r\n\r\ny".getBytes(StandardCharsets.ISO_8859_1));
        bytes.limit(bytes.capacity() - 1).position(3);
        for (int times = 0; times < 2; times++) {
            assertThat(head.read(bytes, 1, bytes.limit())).isEqualTo(27);
            assertThat(bytes.position()).isEqualTo(3);
            assertThat(bytes.limit()).isEqualTo(bytes.capacity() - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 301\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 5, 5\n\n",
                "HTTP/1.1 200 OK\r\nX: 5\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n",
                "HTTP/1.7 999 \u00e9\r\n\r\n",
                "HTTP/1.1 200 \r\nX:\r\nt: \u0001\r\nc: \r\nKeep-Alive: ,;=,timeout\r\n\r\n"
            })
    void oddHeadsAreRead(String text) {
        assertThat(read(text)).isEqualTo(text.length());
        for (int length = 0; length < text.length(); length++) {
            assertThat(read(text.substring(0, length))).isEqualTo(HttpHead.INCOMPLETE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "ICY 200 OK whatever\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: \u0000\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\rX\n\r\n"
            })
    void whatIsNoHeadIsRefused(String text) {
        assertThat(read(text)).isEqualTo(HttpHead.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, close, true",
        "1.1, 'keep-alive, Close', true",
        "1.1, keep-alive, false",
        "1.1, upgrade, false",
        "1.0, keep-alive, false",
        "1.0, x, true",
        "1.0, 'close, keep-alive', true"
    })
    void theConnectionIsKeptOrNot(String version, String connection, boolean closes) {
        read("HTTP/" + version + " 200 OK\r\nconnection: " + connection + "\r\n\r\n");
        assertThat(head.closes()).isEqualTo(closes);
    }

    @ParameterizedTest
    @CsvSource({
        "'timeout=5, max=99', 5, false",
        "'max=0', -1, true",
        "'Timeout=7', 7, false",
        "'timeout=-1', -1, false",
        "'timeout=99999999999999999999', -1, false"
    })
    void theServersKeepAliveIsUnderstood(String value, long idleSeconds, boolean closes) {
        read("HTTP/1.1 200 OK\r\nKeep-Alive: " + value + "\r\n\r\n");
        assertThat(head.idleSeconds()).isEqualTo(idleSeconds);
        assertThat(head.closes()).isEqualTo(closes);
    }

    @ParameterizedTest
    @CsvSource({"chunked, true", "'gzip, Chunked', true", "'chunked, gzip', false", "identity, false"})
    void theLastCodingDecides(String codings, boolean chunked) {
        read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: " + codings + "\r\n\r\n");
        assertThat(head.isCoded()).isTrue();
        assertThat(head.isChunked()).isEqualTo(chunked);
    }

    /** Of two words that contradict each other the one that closes counts, in whatever order they come. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close\r\nConnection: keep-alive\r\n",
                "Connection: keep-alive, close\r\n",
                "Connection: close, keep-alive\r\n",
                "Keep-Alive: timeout=5, max=0\r\nConnection: Keep-Alive\r\n",
                "Connection: Keep-Alive\r\nKeep-Alive: timeout=5, max=0\r\n"
            })
    void whoSaysCloseCloses(String headers) {
        for (String version : List.of("1.0", "1.1")) {
            assertThat(read("HTTP/" + version + " 200 OK\r\nContent-Length: 0\r\n" + headers + "\r\n"))
                    .isPositive();
            assertThat(head.closes()).as(version).isTrue();
        }
    }
}
