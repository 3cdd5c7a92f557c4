package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1.1 and 1.0, its requests decoded by Netty: any method and path, with or without a body, kept alive as
 * the request says (RFC 9112 §9.3). What {@link HttpAsked} says of a request is answered from the pattern with seed 0, in the order of the
 * requests; after the peer's FIN everything it asked for completely is still answered.
 */
final class HttpConnection extends WireConnection {

    private static final int SEED = 0;

    /** How long a refused request may go on arriving after the response to it. */
    private static final long LINGER_SECONDS = 2;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final EmbeddedChannel decoder = new EmbeddedChannel(new StrictRequestDecoder());
    private final Queue<HttpAsked> waiting = new ArrayDeque<>(1);
    private @Nullable HttpAsked arriving;
    private boolean continueIsDue;
    private boolean refusing;

    // The response in progress: its head, with all of a small body, then what is left of a larger one.
    private @Nullable HttpAsked answering;
    private @Nullable ByteBuf head;
    private int left;

    HttpConnection(ServingLoop loop, Wire wire) {
        super(loop, wire);
    }

    @Override
    void received(ByteBuf bytes) {
        if (refusing) {
            return;
        }
        boolean _ = decoder.writeInbound(Unpooled.copiedBuffer(bytes));
        for (Object message = decoder.readInbound(); message != null; message = decoder.readInbound()) {
            take(message);
            boolean _ = ReferenceCountUtil.release(message);
        }
        answer();
    }

    private void take(Object message) {
        if (refusing) {
            return;
        }
        if (message instanceof HttpRequest request) {
            arriving = HttpAsked.of(request);
            continueIsDue = HttpUtil.is100ContinueExpected(request);
        }
        HttpAsked asked = arriving;
        if (asked == null) {
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure() && asked.isUnderstood()) {
            asked = HttpAsked.UNREADABLE;
        }
        refusing = !asked.isUnderstood();
        if (refusing) {
            counters.increment(Counter.BAD_FRAMES);
        }
        if (refusing || message instanceof LastHttpContent) {
            waiting.add(asked);
            arriving = null;
            continueIsDue = false;
        }
    }

    private void answer() {
        while (!stalled() && !over() && answering == null) {
            HttpAsked asked = waiting.poll();
            if (asked == null) {
                inviteBody();
                return;
            }
            answering = asked;
            begin(asked);
            send();
        }
    }

    /** The interim response to {@code Expect: 100-continue} has its turn too: behind the responses to earlier requests. */
    private void inviteBody() {
        if (arriving != null && continueIsDue) {
            continueIsDue = false;
            head = direct(CONTINUE.length).writeBytes(CONTINUE);
            send();
        }
    }

    private void begin(HttpAsked asked) {
        byte[] text = asked.responseHead().getBytes(StandardCharsets.US_ASCII);
        int body = asked.withBody() ? asked.size() : 0;
        int small = body <= Pattern.PERIOD ? body : 0;
        ByteBuf bytes = direct(text.length + small).writeBytes(text);
        if (small > 0) {
            bytes.writeBytes(loop.view(SEED, 0, small));
        }
        head = bytes;
        left = body - small;
    }

    /** Direct, as it is sent from there. */
    private static ByteBuf direct(int bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    }

    private void send() {
        ByteBuf first = head;
        if (first != null) {
            if (!sent(first, first.readableBytes())) {
                return;
            }
            head = null;
            boolean _ = first.release();
        }
        HttpAsked asked = answering;
        while (asked != null && left > 0) {
            int length = Math.min(left, Pattern.PERIOD);
            ByteBuf part = loop.view(SEED, asked.size() - left, length);
            boolean whole = sent(part, length);
            left -= length - part.readableBytes();
            if (!whole) {
                return;
            }
        }
        if (asked != null) {
            answering = null;
            answered(asked);
        }
    }

    /** Sends the buffer as far as it goes; false where the rest has to wait, or the connection is broken. */
    private boolean sent(ByteBuf bytes, int length) {
        int taken = wire.send(bytes);
        if (taken < 0) {
            sendFailed();
            return false;
        }
        counters.add(Counter.BYTES_OUT, taken);
        ByteBuf _ = bytes.skipBytes(taken);
        if (taken < length) {
            stall();
            return false;
        }
        return true;
    }

    /**
     * Keeps or closes the connection. What a refused request still sends would make the kernel answer a close with RST, which may
     * destroy the response on its way (RFC 1122 §4.2.2.13): there the FIN goes first, and the rest is read and thrown away for a while
     * (RFC 9112 §9.6).
     */
    private void answered(HttpAsked asked) {
        if (asked.isUnderstood()) {
            exchanged(asked.keepAlive() ? null : CloseStyle.FIN, 0);
            return;
        }
        counters.increment(Counter.EXCHANGES);
        over(Counter.CLOSED_FIN);
        wire.shutdownOutput();
        wire.awaitInput();
        Future<?> _ = loop.eventLoop.schedule(this::closeDescriptor, LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    void resume() {
        send();
        if (!stalled()) {
            answer();
        }
    }

    @Override
    void discard() {
        ByteBuf first = head;
        head = null;
        if (first != null) {
            boolean _ = first.release();
        }
        boolean _ = decoder.finishAndReleaseAll();
    }

    @Override
    boolean inExchange() {
        return answering != null || arriving != null || !waiting.isEmpty();
    }
}
