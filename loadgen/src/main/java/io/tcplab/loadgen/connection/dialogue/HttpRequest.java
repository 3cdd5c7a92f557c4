package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.companion.protocol.Pattern;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.HttpBody;
import io.tcplab.loadgen.plan.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** A request as it is written: its head ready-made, its body from where it lies. Shared by all connections of an event loop. */
final class HttpRequest {

    private static final int SEED = 0;

    /** Where content is anticipated, its absence is said (RFC 9110 §8.6). */
    private static final Set<String> EXPECTED_TO_HAVE_A_BODY = Set.of("POST", "PUT", "PATCH");

    private final byte[] head;
    private final HttpBody body;
    private final byte[] text;
    private final int length;

    /** {@code last}: it asks the server to close after the response. */
    HttpRequest(Protocol.Http http, String authority, boolean last) {
        head = head(http, authority, last);
        body = http.body();
        text = body instanceof HttpBody.Text inProfile ? inProfile.octets() : new byte[0];
        length = head.length + body.length();
    }

    private static byte[] head(Protocol.Http http, String authority, boolean last) {
        StringBuilder head = new StringBuilder(128)
                .append(http.method())
                .append(' ')
                .append(http.path())
                .append(" HTTP/")
                .append(http.version())
                .append("\r\n");
        if (http.header("Host") == null) {
            head.append("Host: ").append(authority).append("\r\n");
        }
        if (http.header("User-Agent") == null) {
            head.append("User-Agent: tcplab\r\n");
        }
        // HTTP/1.0 closes where nothing is said, 1.1 keeps (RFC 9112 §9.3).
        if (last != http.isVersion10()) {
            head.append(last ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
        }
        int length = http.body().length();
        if (length > 0 || EXPECTED_TO_HAVE_A_BODY.contains(http.method())) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        for (Map.Entry<String, String> header : http.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    int headBytes() {
        return head.length;
    }

    int length() {
        return length;
    }

    /** Fills the buffer with the request's bytes from {@code offset} to at most {@code end}; returns how many. */
    int fill(int offset, int end, Buffer output) {
        int length = Math.min(output.size(), end - offset);
        int ofHead = Math.clamp(head.length - offset, 0, length);
        if (ofHead > 0) {
            output.bytes().clear().put(head, offset, ofHead);
        }
        if (length > ofHead) {
            fillBody(Math.max(0, offset - head.length), ofHead, length - ofHead, output);
        }
        return length;
    }

    private void fillBody(int from, int at, int length, Buffer output) {
        switch (body) {
            case HttpBody.Text _ -> output.bytes().clear().position(at).put(text, from, length);
            case HttpBody.Generated _ -> Pattern.copy(SEED, from, output.address() + at, length);
            case HttpBody.FromFile file ->
                file.octets().put(from, length, output.bytes().clear().position(at));
        }
    }
}
