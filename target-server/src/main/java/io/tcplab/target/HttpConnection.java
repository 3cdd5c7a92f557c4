package io.tcplab.target;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tcplab.target.protocol.CloseWish;
import io.tcplab.target.protocol.Frame;
import io.tcplab.target.protocol.Pattern;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1.1 behind Netty's codec: any path, GET, HEAD and POST, {@code ?size=N} bytes of the pattern (64
 * without it), kept alive unless the request says otherwise (RFC 9112 §9.3).
 */
final class HttpConnection extends ServedConnection {

    private static final int BODY_BYTES = 64;
    private static final int SEED = 0;
    private static final String SIZE = "size=";

    /** What is needed of a request once it has come to its end. */
    private record Asked(HttpResponseStatus status, int size, boolean withBody, boolean keepAlive) {}

    private @Nullable Asked arriving;
    private final Queue<Asked> waiting = new ArrayDeque<>(1);

    private int size;
    private int left;
    private boolean responding;
    private boolean keepAlive = true;

    HttpConnection(ServingLoop loop, SocketChannel channel) {
        super(loop, channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (over()) {
                return;
            }
            if (message instanceof HttpRequest request) {
                arriving = read(context, request);
            }
            if (message instanceof LastHttpContent && arriving != null) {
                waiting.add(arriving);
                arriving = null;
                answer(context);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private Asked read(ChannelHandlerContext context, HttpRequest request) {
        int asked = request.decoderResult().isSuccess() ? sizeOf(request.uri()) : -1;
        if (asked < 0) {
            counters.increment(Counter.BAD_FRAMES);
            return new Asked(HttpResponseStatus.BAD_REQUEST, 0, false, false);
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            ChannelFuture _ = context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        boolean withBody = !HttpMethod.HEAD.equals(request.method());
        return new Asked(HttpResponseStatus.OK, asked, withBody, HttpUtil.isKeepAlive(request));
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

    private void answer(ChannelHandlerContext context) {
        while (!stalled() && !over() && !responding) {
            Asked asked = waiting.poll();
            if (asked == null) {
                return;
            }
            begin(context, asked);
            send(context);
        }
    }

    private void begin(ChannelHandlerContext context, Asked asked) {
        keepAlive = asked.keepAlive;
        responding = true;
        size = asked.size;
        boolean whole = !asked.withBody || size <= Pattern.PERIOD;
        left = whole ? 0 : size;
        HttpResponse response = whole
                ? new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, asked.status, Pattern.view(SEED, 0, asked.withBody ? size : 0))
                : new DefaultHttpResponse(HttpVersion.HTTP_1_1, asked.status);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
                .set(HttpHeaderNames.CONTENT_LENGTH, size);
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture _ = context.write(response, context.voidPromise());
        if (whole) {
            context.flush();
        }
    }

    private void send(ChannelHandlerContext context) {
        while (left > 0 && flushedOrStall(context)) {
            int length = Math.min(left, Pattern.PERIOD);
            ByteBuf part = Pattern.view(SEED, size - left, length);
            left -= length;
            ChannelFuture _ = context.writeAndFlush(new DefaultHttpContent(part), context.voidPromise());
            if (left == 0) {
                ChannelFuture _ = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
            }
        }
        if (left == 0 && responding && !over() && flushedOrStall(context)) {
            responding = false;
            exchanged(keepAlive ? CloseWish.KEEP_OPEN : CloseWish.FIN, 0);
        }
    }

    private boolean flushedOrStall(ChannelHandlerContext context) {
        if (flushed()) {
            return true;
        }
        if (!over()) {
            stall(context);
        }
        return false;
    }

    @Override
    void resume(ChannelHandlerContext context) {
        send(context);
        answer(context);
    }

    @Override
    boolean inExchange() {
        return responding || arriving != null || !waiting.isEmpty();
    }
}
