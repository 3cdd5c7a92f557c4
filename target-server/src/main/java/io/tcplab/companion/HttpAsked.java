package io.tcplab.companion;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.tcplab.companion.protocol.Frame;

/**
 * What an HTTP request asks for.
 *
 * @param status 200, or 400 where the request cannot be read
 * @param size body bytes: {@code ?size=N}, 64 without it
 * @param withBody false for HEAD
 * @param keepAlive whether the connection is kept (RFC 9112 §9.3)
 */
record HttpAsked(HttpResponseStatus status, int size, boolean withBody, boolean keepAlive) {

    private static final int BODY_BYTES = 64;
    private static final String SIZE = "size=";
    private static final HttpAsked UNREADABLE = new HttpAsked(HttpResponseStatus.BAD_REQUEST, 0, false, false);

    static HttpAsked of(HttpRequest request) {
        int size = request.decoderResult().isSuccess() ? sizeOf(request.uri()) : -1;
        if (size < 0) {
            return UNREADABLE;
        }
        boolean withBody = !HttpMethod.HEAD.equals(request.method());
        return new HttpAsked(HttpResponseStatus.OK, size, withBody, HttpUtil.isKeepAlive(request));
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
