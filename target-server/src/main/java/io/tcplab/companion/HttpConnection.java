package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tcplab.companion.protocol.Pattern;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1.1 behind Netty's codec, on a channel: any path, GET, HEAD and POST, kept alive unless the request
 * says otherwise (RFC 9112 §9.3). What {@link HttpAsked} says of a request is answered from the pattern with seed 0.
 */
final class HttpConnection extends ServedConnection implements ChannelFutureListener {

    private static final int SEED = 0;

    private final SocketChannel channel;
    private final Queue<HttpAsked> waiting = new ArrayDeque<>(1);
    private @Nullable HttpAsked arriving;
    private @Nullable HttpAsked answering;
    private int left;
    private boolean stalled;
    private boolean finishing;

    private HttpConnection(ServingLoop loop, SocketChannel channel) {
        super(loop);
        this.channel = channel;
    }

    /** Puts the handlers on the channel and registers it with the loop. */
    static HttpConnection begin(ServingLoop loop, SocketChannel channel) {
        HttpConnection connection = new HttpConnection(loop, channel);
        channel.pipeline().addLast(loop.byteTally, new HttpServerCodec(), connection.new Requests());
        ChannelFuture _ = loop.eventLoop.register(channel);
        return connection;
    }

    /** What the pipeline tells. */
    private final class Requests extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (!over()) {
                    take(message);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                broken();
            }
            closeDescriptor();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            peerFinished();
            gone();
        }
    }

    private void take(Object message) {
        if (message instanceof HttpRequest request) {
            arriving = HttpAsked.of(request);
            if (!arriving.status().equals(HttpResponseStatus.OK)) {
                counters.increment(Counter.BAD_FRAMES);
            }
            if (HttpUtil.is100ContinueExpected(request)) {
                write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
                channel.flush();
            }
        }
        if (message instanceof LastHttpContent && arriving != null) {
            waiting.add(arriving);
            arriving = null;
            answer();
        }
    }

    private void answer() {
        while (!stalled && !over() && answering == null) {
            HttpAsked asked = waiting.poll();
            if (asked == null) {
                return;
            }
            answering = asked;
            begin(asked);
            send();
        }
    }

    private void begin(HttpAsked asked) {
        boolean whole = !asked.withBody() || asked.size() <= Pattern.PERIOD;
        left = whole ? 0 : asked.size();
        HttpResponse response = whole
                ? new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        asked.status(),
                        Pattern.view(SEED, 0, asked.withBody() ? asked.size() : 0))
                : new DefaultHttpResponse(HttpVersion.HTTP_1_1, asked.status());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
                .set(HttpHeaderNames.CONTENT_LENGTH, asked.size());
        if (!asked.keepAlive()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        write(response);
        if (whole) {
            channel.flush();
        }
    }

    private void write(Object message) {
        ChannelFuture _ = channel.write(message, channel.voidPromise());
    }

    private void send() {
        HttpAsked asked = answering;
        while (asked != null && left > 0 && flushedOrStall()) {
            int length = Math.min(left, Pattern.PERIOD);
            ByteBuf part = Pattern.view(SEED, asked.size() - left, length);
            left -= length;
            write(new DefaultHttpContent(part));
            if (left == 0) {
                write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
            channel.flush();
        }
        if (asked != null && left == 0 && flushedOrStall()) {
            answering = null;
            counters.increment(Counter.EXCHANGES);
            if (!asked.keepAlive() || finishing) {
                over(Counter.CLOSED_FIN);
                closeDescriptor();
            }
        }
    }

    /** Whether all is in the kernel's hands; where not, stops reading until an empty write behind the rest has got through. */
    private boolean flushedOrStall() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound == null || over()) {
            return false;
        }
        if (outbound.isEmpty()) {
            return true;
        }
        stalled = true;
        channel.config().setAutoRead(false);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this);
        return false;
    }

    @Override
    public void operationComplete(ChannelFuture emptyWrite) {
        if (!emptyWrite.isSuccess() || !channel.isOpen()) {
            return;
        }
        stalled = false;
        send();
        answer();
        if (!stalled && channel.isOpen()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    void finish() {
        finishing = true;
        if (!stalled && answering == null && arriving == null && waiting.isEmpty() && !over()) {
            over(Counter.CLOSED_FIN);
            closeDescriptor();
        }
    }

    /** {@link Requests#channelInactive} follows. */
    @Override
    void closeDescriptor() {
        ChannelFuture _ = channel.close();
    }
}
