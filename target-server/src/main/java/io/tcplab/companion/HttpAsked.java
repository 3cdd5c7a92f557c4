package io.tcplab.companion;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tcplab.companion.protocol.Frame;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP request asks for.
 *
 * @param status 200; 431 or 414 where the head is too large, and 400 where the request cannot be read otherwise
 * @param size body bytes: {@code ?size=N}, 64 without it
 * @param withBody false for HEAD
 * @param keepAlive whether the connection is kept (RFC 9112 §9.3)
 * @param announcesKeepAlive whether the response must say that it is kept: HTTP/1.0 does not imply it
 */
record HttpAsked(HttpResponseStatus status, int size, boolean withBody, boolean keepAlive, boolean announcesKeepAlive) {

    private static final int BODY_BYTES = 64;
    private static final String SIZE = "size=";
    static final HttpAsked UNREADABLE = refused(HttpResponseStatus.BAD_REQUEST);

    static HttpAsked of(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return refused(status(request.decoderResult().cause()));
        }
        int size = sizeOf(request.uri());
        if (size < 0 || namesTwoHosts(request)) {
            return UNREADABLE;
        }
        boolean withBody = !HttpMethod.HEAD.equals(request.method());
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        boolean implied = request.protocolVersion().isKeepAliveDefault();
        return new HttpAsked(HttpResponseStatus.OK, size, withBody, keepAlive, keepAlive && !implied);
    }

    /** Such a request must be refused (RFC 9112 §3.2): a proxy may take the one and the server the other. */
    private static boolean namesTwoHosts(HttpRequest request) {
        Iterator<? extends CharSequence> hosts = request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return false;
        }
        CharSequence _ = hosts.next();
        return hosts.hasNext();
    }

    /** Whether it can be answered as it asks; otherwise it is refused and the connection closed. */
    boolean isUnderstood() {
        return status.equals(HttpResponseStatus.OK);
    }

    /** The response's head; HEAD gets the length that GET would. */
    String responseHead() {
        String connection =
                !keepAlive ? "connection: close\r\n" : announcesKeepAlive ? "connection: keep-alive\r\n" : "";
        return "HTTP/1.1 " + status + "\r\ncontent-type: application/octet-stream\r\ncontent-length: " + size + "\r\n"
                + connection + "\r\n";
    }

    private static HttpAsked refused(HttpResponseStatus status) {
        return new HttpAsked(status, 0, false, false, false);
    }

    private static HttpResponseStatus status(@Nullable Throwable cause) {
        return switch (cause) {
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case null, default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    /** The size asked for, or -1 where it is none in 0 … 1 GiB. */
    static int sizeOf(String uri) {
        int query = uri.indexOf('?');
        int at = query < 0 ? -1 : uri.indexOf(SIZE, query + 1);
        if (at < 0) {
            return BODY_BYTES;
        }
        int begin = at + SIZE.length();
        int end = uri.indexOf('&', begin);
        try {
            int size = Integer.parseInt(uri, begin, end < 0 ? uri.length() : end, 10);
            return size <= Frame.MAX_RESPONSE_BYTES ? Math.max(size, -1) : -1;
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
