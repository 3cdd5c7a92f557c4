package io.tcplab.loadgen.connection.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tcplab.loadgen.connection.dialogue.Dialogue.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpResponseTest {

    private final HttpBodyLook look = new HttpBodyLook(new HttpBodyLook.Search("needle$"));
    private HttpResponse response = new HttpResponse(new HttpHead(), false, look);

    private Progress feed(String text, int step) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        response.begin();
        Progress progress = Progress.MORE;
        for (int at = 0; at < bytes.length; at += step) {
            assertThat(progress).as("before byte %d", at).isEqualTo(Progress.MORE);
            int length = Math.min(step, bytes.length - at);
            progress = response.feed(ByteBuffer.wrap(bytes, at, length).slice(), length);
        }
        return progress;
    }

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    static Stream<Arguments> wholeResponses() {
        return Stream.of(
                arguments("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nthe needle", Progress.COMPLETE),
                arguments("HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nthe needle", Progress.LAST),
                arguments(CHUNKED + "\r\n3\r\nthe\r\n07\r\n needle\r\n0\r\n\r\n", Progress.COMPLETE),
                arguments(
                        CHUNKED + "Connection: close\r\n\r\n"
                                + "A;name=\"v\";x \r\nthe needle\r\n00;y\r\nETag: 1\r\nX: y\r\n\r\n",
                        Progress.LAST),
                arguments(CHUNKED + "\r\na\nthe needle\n0\n\n", Progress.COMPLETE),
                arguments(
                        CHUNKED + "\r\n" + "0".repeat(30) + "a\r\nthe needle\r\n" + "0".repeat(20) + "\r\n\r\n",
                        Progress.COMPLETE),
                arguments(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                                + "HTTP/1.1 404 No\r\nContent-Length: 6\r\n\r\nneedle",
                        Progress.COMPLETE));
    }

    @ParameterizedTest
    @MethodSource("wholeResponses")
    void aResponseIsReadInAnyPieces(String text, Progress end) {
        for (int step = 1; step <= text.length(); step++) {
            assertThat(feed(text, step)).as("%d bytes at a time", step).isEqualTo(end);
            assertThat(look.matches()).as("the body, unframed").isTrue();
            assertThat(response.status()).isIn(200, 404);
        }
        assertThat(feed(text + "x", text.length() + 1))
                .as("what was not asked for")
                .isEqualTo(Progress.CORRUPTED);
    }

    @Test
    void aBodyThatOnlyTheCloseEndsAnnouncesIt() {
        for (String coding : List.of("", "Transfer-Encoding: gzip\r\n")) {
            String text = "HTTP/1.1 200 OK\r\n" + coding + "\r\nany needle";
            for (int step = 1; step <= text.length(); step++) {
                assertThat(feed(text, step)).isEqualTo(Progress.MORE);
                assertThat(response.feedEnd()).isEqualTo(Progress.LAST);
                assertThat(look.matches()).isTrue();
            }
        }
        assertThat(feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour", 99)).isEqualTo(Progress.MORE);
        assertThat(response.feedEnd()).as("cut short").isEqualTo(Progress.MORE);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void theseStatusesHaveNoBodyWhateverTheHeadSays(int status) {
        assertThat(feed("HTTP/1.1 " + status + " x\r\nContent-Length: 5\r\n\r\n", 99))
                .isEqualTo(Progress.COMPLETE);
    }

    @Test
    void aResponseToHeadHasNoBody() {
        response = new HttpResponse(new HttpHead(), true, null);
        assertThat(feed("HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n", 99)).isEqualTo(Progress.COMPLETE);
        assertThat(feed(CHUNKED + "\r\n", 1)).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void behindSwitchedProtocolsNothingIsRead() {
        assertThat(feed("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\u0001\u0002", 999))
                .isEqualTo(Progress.REFUSED);
        assertThat(response.status()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKED + "\r\n\r\n",
                CHUNKED + "\r\nx\r\n",
                CHUNKED + "\r\n-1\r\n",
                CHUNKED + "\r\n3x\r\n",
                CHUNKED + "\r\n1000000000000000\r\n",
                CHUNKED + "\r\n3\r\nthexx",
                CHUNKED + "\r\n3\r\nthe\r\r",
                "nonsense that is no response",
                "HTTP/1.1 2000000000000 OK\r\n"
            })
    void whatIsNoResponseIsCorruptedInAnyPieces(String text) {
        for (int step = 1; step <= text.length(); step++) {
            response.begin();
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            Progress progress = Progress.MORE;
            for (int at = 0; at < bytes.length && progress == Progress.MORE; at += step) {
                int length = Math.min(step, bytes.length - at);
                progress = response.feed(ByteBuffer.wrap(bytes, at, length).slice(), length);
            }
            assertThat(progress).as("%d bytes at a time", step).isEqualTo(Progress.CORRUPTED);
        }
    }

    @Test
    void aHeadWithoutEndIsKeptUpToItsLimitAlone() {
        byte[] piece = "X: ".concat("y".repeat(997)).getBytes(StandardCharsets.US_ASCII);
        response.begin();
        assertThat(response.feed(ByteBuffer.wrap("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII)), 17))
                .isEqualTo(Progress.MORE);
        Progress progress = Progress.MORE;
        int pieces = 0;
        while (progress == Progress.MORE) {
            progress = response.feed(ByteBuffer.wrap(piece), piece.length);
            pieces++;
        }
        assertThat(progress).isEqualTo(Progress.CORRUPTED);
        assertThat(pieces).isEqualTo(HeadPieces.MOST_BYTES / 1000 + 1);
    }

    @Test
    void ofALongBodyTheBeginningIsLookedAt() {
        String filler = "z".repeat(HttpBodyLook.MOST_BYTES - 6);
        String head = "HTTP/1.1 200 OK\r\n\r\n";
        feed(head + filler + "needle" + filler, 5000);
        assertThat(look.matches()).isTrue();
        feed(head + filler + "zneedle", 5000);
        assertThat(look.matches()).isFalse();
    }

    /** Where Netty's decoder reads a whole response without complaint, this one sees the same end and the same body. */
    @Test
    void agreesWithAnotherDecoderOnShuffledResponses() {
        Random random = new Random(4711);
        List<String> parts = List.of(
                "Content-Length: 7\r\n",
                "Transfer-Encoding: chunked\r\n",
                "X-Content-Length: 9\r\n",
                "Server: a b c\r\n",
                "Connection: close\r\n",
                "\r\n",
                "\r\n7\r\n1234567\r\n",
                "3;x=y\r\nabc\r\n",
                "0\r\n\r\n",
                "1234567");
        int whole = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text =
                    new StringBuilder("HTTP/1.1 " + (200 + random.nextInt(3) * 100 + random.nextInt(5)) + " OK\r\n");
            for (int j = random.nextInt(8); j >= 0; j--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            String body = nettys(text.toString());
            // Netty skips line ends behind a response.
            while (body != null && body.equals(nettys(text.substring(0, text.length() - 1))) && endsLine(text)) {
                text.setLength(text.length() - 1);
            }
            if (body != null) {
                whole++;
                HttpBodyLook ours = new HttpBodyLook(new HttpBodyLook.Search("^\\Q" + body + "\\E$"));
                response = new HttpResponse(new HttpHead(), false, ours);
                assertThat(feed(text.toString(), 1 + random.nextInt(40)))
                        .as(text.toString())
                        .isIn(Progress.COMPLETE, Progress.LAST);
                assertThat(ours.matches()).as(text + " → " + body).isTrue();
            }
        }
        assertThat(whole).isGreaterThan(100);
    }

    private static boolean endsLine(CharSequence text) {
        char last = text.charAt(text.length() - 1);
        return last == '\r' || last == '\n';
    }

    /** The body of the one response that the text is, and no byte more; null = it is another. */
    private static String nettys(String text) {
        int[] waiting = new int[1];
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder() {
            @Override
            protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
                super.decode(context, in, out);
                waiting[0] = in.readableBytes();
            }
        });
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        decoder.writeInbound(bytes);
        StringBuilder body = new StringBuilder();
        int ends = 0;
        boolean good = true;
        for (Object object = decoder.readInbound(); object != null; object = decoder.readInbound()) {
            good &= object instanceof HttpObject part && part.decoderResult().isSuccess() && ends == 0;
            if (object instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            ends += object instanceof LastHttpContent ? 1 : 0;
            ReferenceCountUtil.release(object);
        }
        boolean rest = decoder.finish();
        for (Object object = decoder.readInbound(); object != null; object = decoder.readInbound()) {
            ReferenceCountUtil.release(object);
        }
        return good && ends == 1 && !rest && waiting[0] == 0 ? body.toString() : null;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "SSH-2.0-OpenSSH|~expected the head of a response of HTTP/1 and got \"SSH-2.0-OpenSSH\\r\\n\"",
                "HTTP/1.1 200 OK|Content-Length: x||~expected the head of a response of HTTP/1"
                        + " and got \"HTTP/1.1 200 OK\\r\\nContent-Length: x\\r\\n\\r\\n\"",
                "HTTP/1.1 200 OK|Content-Length: 1||ab~expected nothing behind the response and got \"b\"",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-1|~expected the size of a chunk and got \"-1\\r\\n\"",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1|ab~expected the end of a chunk and got \"b\"",
            })
    void whatIsNoResponseIsQuoted(String text, String words) {
        String sent = text.replace("|", "\r\n");
        assertThat(feed(sent, sent.length())).isEqualTo(Progress.CORRUPTED);
        assertThat(response.mismatch()).isEqualTo(words);
    }
}
