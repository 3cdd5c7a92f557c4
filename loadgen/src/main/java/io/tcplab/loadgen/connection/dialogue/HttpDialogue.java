package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 (RFC 9112): requests are ready-made bytes. A response whose head has come whole and gives its length is read where it
 * lies ({@link HttpHead}); any other goes to Netty's ({@link HttpDecoder}), which serves another connection only when it has come to a
 * response's end with nothing behind it. A response other than 2xx or 3xx is refused, by its status.
 */
final class HttpDialogue implements Dialogue {

    private final byte[] keepRequest;
    private final byte[] lastRequest;
    private final boolean head;

    private final HttpHead plain = new HttpHead();

    /** Of the response that was judged last. */
    private int status;

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
                .append(" HTTP/1.1\r\n")
                .append(http.headers().keySet().stream().anyMatch("host"::equalsIgnoreCase) ? "" : host(authority))
                .append("User-Agent: tcplab\r\n")
                .append(connectionHeader);
        for (Map.Entry<String, String> header : http.headers().entrySet()) {
            text.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String host(String authority) {
        return "Host: " + authority + "\r\n";
    }

    /** The response under way, and whether its request is the last. */
    private final class Exchange {
        /** Made for the first response that is not plain. */
        private @Nullable HttpDecoder decoder;

        private boolean last;

        /** Whether the first byte of a response is waited for. */
        private boolean between = true;

        /** How many bytes of a plain response's body are to come; 0 = none, or the decoder has it. */
        private long bodyLeft;

        /** What a plain response amounts to when it is complete. */
        private Progress plainEnd = Progress.COMPLETE;

        Progress feed(Buffer input, int length) {
            if (bodyLeft > 0) {
                return body(length);
            }
            if (between && !head && plain.read(input.bytes(), length)) {
                bodyLeft = plain.contentLength();
                between = false;
                status = plain.status();
                plainEnd = HttpDecoder.judge(status, plain.closes());
                return body(length - plain.headBytes());
            }
            between = false;
            HttpDecoder whole = decoder();
            Progress progress = whole.feed(input.bytes().duplicate().clear().limit(length));
            status = progress == Progress.MORE ? 0 : whole.status();
            between = progress == Progress.COMPLETE || progress == Progress.LAST;
            return progress;
        }

        private Progress body(int length) {
            bodyLeft -= length;
            between = bodyLeft == 0;
            return bodyLeft > 0 ? Progress.MORE : bodyLeft == 0 ? plainEnd : Progress.CORRUPTED;
        }

        private HttpDecoder decoder() {
            HttpDecoder made = decoder;
            if (made == null) {
                made = new HttpDecoder(head);
                decoder = made;
            }
            return made;
        }

        Progress feedEnd() {
            if (between || bodyLeft > 0) {
                return Progress.MORE;
            }
            HttpDecoder whole = decoder();
            Progress progress = whole.feedEnd();
            status = progress == Progress.MORE ? 0 : whole.status();
            // A body that only the close ends announces it (RFC 9112 §6.3).
            return progress == Progress.COMPLETE ? Progress.LAST : progress;
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
                ? Progress.MORE
                : exchange(conversation).feedEnd();
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public int statusOf(Buffer input, int length) {
        return plain.statusOf(input.bytes(), length);
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return close.by() == Side.SERVER;
    }

    @Override
    public void ended(Conversation conversation) {
        if (conversation.state() instanceof Exchange exchange) {
            conversation.state(null);
            if (exchange.between) {
                idle.push(exchange);
            } else if (exchange.decoder != null) {
                exchange.decoder.release();
            }
        }
    }
}
