package io.tcplab.loadgen.connection.dialogue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 (RFC 9112): requests are ready-made bytes. A response whose head has come whole and gives its length is read where it
 * lies ({@link HttpHead}); any other goes to Netty's decoder, which serves another connection when it has come to a response's end.
 * A response other than 2xx or 3xx counts as not what was asked for.
 */
final class HttpDialogue implements Dialogue {

    private final byte[] keepRequest;
    private final byte[] lastRequest;
    private final boolean head;

    private final HttpHead plain = new HttpHead();

    /** Exchanges between two responses that no connection has. */
    private final ArrayDeque<Exchange> idle = new ArrayDeque<>();

    HttpDialogue(Protocol.Http http, String authority) {
        keepRequest = request(http, authority, "");
        lastRequest = request(http, authority, "Connection: close\r\n");
        head = "HEAD".equals(http.method());
    }

    private static byte[] request(Protocol.Http http, String authority, String connectionHeader) {
        StringBuilder text = new StringBuilder(128)
                .append(http.method())
                .append(' ')
                .append(http.path())
                .append(" HTTP/1.1\r\nHost: ")
                .append(authority)
                .append("\r\nUser-Agent: tcplab\r\n")
                .append(connectionHeader);
        for (Map.Entry<String, String> header : http.headers().entrySet()) {
            text.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The response under way, and whether its request is the last. */
    private final class Exchange {
        /** Made for the first response that is not plain. */
        private @Nullable EmbeddedChannel decoder;

        private boolean last;
        private boolean failed;

        /** Whether the first byte of a response is waited for. */
        private boolean between = true;

        /** How many bytes of a plain response's body are to come; 0 = none, or the decoder has it. */
        private long bodyLeft;

        Progress feed(Buffer input, int length) {
            if (bodyLeft > 0) {
                return body(length);
            }
            if (between && !head && plain.read(input.bytes(), length)) {
                bodyLeft = plain.contentLength();
                between = false;
                return plain.succeeded() ? body(length - plain.headBytes()) : Progress.CORRUPTED;
            }
            between = false;
            decoder()
                    .writeInbound(Unpooled.copiedBuffer(
                            input.bytes().duplicate().clear().limit(length)));
            Progress progress = drain();
            between = progress == Progress.COMPLETE;
            return progress;
        }

        private Progress body(int length) {
            bodyLeft -= length;
            between = bodyLeft == 0;
            return bodyLeft > 0 ? Progress.MORE : bodyLeft == 0 ? Progress.COMPLETE : Progress.CORRUPTED;
        }

        private EmbeddedChannel decoder() {
            EmbeddedChannel made = decoder;
            if (made == null) {
                made = new EmbeddedChannel(new HttpResponseDecoder() {
                    @Override
                    protected boolean isContentAlwaysEmpty(HttpMessage message) {
                        return head || super.isContentAlwaysEmpty(message);
                    }
                });
                decoder = made;
            }
            return made;
        }

        Progress feedEnd() {
            if (between || bodyLeft > 0) {
                return Progress.CORRUPTED;
            }
            decoder().finish();
            return drain() == Progress.COMPLETE ? Progress.COMPLETE : Progress.CORRUPTED;
        }

        private Progress drain() {
            Progress progress = Progress.MORE;
            HttpObject object;
            while ((object = decoder().readInbound()) != null) {
                failed |= object.decoderResult().isFailure()
                        || (object instanceof HttpResponse response && !isExpected(response));
                if (object instanceof LastHttpContent) {
                    progress = Progress.COMPLETE;
                }
                ReferenceCountUtil.release(object);
            }
            return failed ? Progress.CORRUPTED : progress;
        }

        private static boolean isExpected(HttpResponse response) {
            HttpStatusClass status = response.status().codeClass();
            return status == HttpStatusClass.SUCCESS || status == HttpStatusClass.REDIRECTION;
        }
    }

    private Exchange exchange(Conversation conversation) {
        if (conversation.state() instanceof Exchange exchange) {
            return exchange;
        }
        Exchange exchange = idle.isEmpty() ? new Exchange() : idle.pop();
        conversation.state(exchange);
        return exchange;
    }

    @Override
    public void begin(Conversation conversation, boolean last) {
        Exchange exchange = exchange(conversation);
        exchange.last = last && carriesCloseWish(conversation.close());
        conversation.requestBytes(exchange.last ? lastRequest.length : keepRequest.length);
    }

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        byte[] request = exchange(conversation).last ? lastRequest : keepRequest;
        int length = Math.min(output.size(), request.length - offset);
        output.bytes().clear().put(request, offset, length);
        return length;
    }

    @Override
    public boolean answers(Conversation conversation) {
        return true;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        return exchange(conversation).feed(input, length);
    }

    @Override
    public Progress receivedEnd(Conversation conversation) {
        return conversation.receivedBytes() == 0
                ? Progress.CORRUPTED
                : exchange(conversation).feedEnd();
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return close.by() == Close.By.SERVER;
    }

    @Override
    public void ended(Conversation conversation) {
        if (conversation.state() instanceof Exchange exchange) {
            conversation.state(null);
            if (exchange.between) {
                idle.push(exchange);
            } else if (exchange.decoder != null) {
                exchange.decoder.finishAndReleaseAll();
            }
        }
    }
}
