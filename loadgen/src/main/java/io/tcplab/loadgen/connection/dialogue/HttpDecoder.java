package io.tcplab.loadgen.connection.dialogue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tcplab.loadgen.connection.dialogue.Dialogue.Progress;
import java.nio.ByteBuffer;

/**
 * Netty's decoder for the responses that {@link HttpHead} does not read: split heads, chunked bodies, bodies until the end. Interim
 * responses are passed over (1xx, RFC 9110 §15.2), but 101, behind which another protocol begins. Serves one response at a time.
 */
final class HttpDecoder {

    /** A head may be as long as what is received in one piece, so that the limit is the same on both ways. */
    private static final int MOST_HEAD_BYTES = 1 << 16;

    private final boolean head;
    private final Decoder decoder = new Decoder();
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
    private int status;
    private boolean interim;
    private boolean closes;
    private boolean failed;

    /** {@code head} = responses to HEAD, which have no body whatever they say. */
    HttpDecoder(boolean head) {
        this.head = head;
    }

    private final class Decoder extends HttpResponseDecoder {
        /** Messages of which the first line has been read. */
        private int begun;

        Decoder() {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(MOST_HEAD_BYTES)
                    .setMaxHeaderSize(MOST_HEAD_BYTES));
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            return head || super.isContentAlwaysEmpty(message);
        }

        @Override
        protected HttpMessage createMessage(String[] firstLine) {
            begun++;
            return super.createMessage(firstLine);
        }

        int waitingBytes() {
            return actualReadableBytes();
        }
    }

    /** The status of the response that was read last. */
    int status() {
        return status;
    }

    /** Takes bytes of a response. */
    Progress feed(ByteBuffer bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
        return drain();
    }

    /** Takes the end of the stream. The decoder is of no use afterwards. */
    Progress feedEnd() {
        channel.finish();
        return drain();
    }

    void release() {
        channel.finishAndReleaseAll();
    }

    private Progress drain() {
        Progress progress = Progress.MORE;
        Object object;
        while ((object = channel.readInbound()) != null) {
            progress = progress == Progress.MORE ? take(object) : progress;
            ReferenceCountUtil.release(object);
        }
        if (progress == Progress.REFUSED) {
            return progress;
        }
        // Behind a response's end nothing may come: it would be the next one's, or another connection's.
        boolean surplus = progress != Progress.MORE && (decoder.begun > 0 || decoder.waitingBytes() > 0);
        return failed || surplus ? Progress.CORRUPTED : progress;
    }

    private Progress take(Object object) {
        if (!(object instanceof HttpObject part) || object instanceof ByteBuf) {
            failed = true;
            return Progress.MORE;
        }
        failed |= part.decoderResult().isFailure();
        if (part instanceof HttpResponse response) {
            begin(response);
            if (status == 101) {
                return Progress.REFUSED;
            }
        }
        return part instanceof LastHttpContent ? ended() : Progress.MORE;
    }

    private void begin(HttpResponse response) {
        status = response.status().code();
        interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        closes = !HttpUtil.isKeepAlive(response);
    }

    private Progress ended() {
        decoder.begun--;
        if (interim) {
            interim = false;
            return Progress.MORE;
        }
        return judge(status, closes);
    }

    /** What a complete response amounts to. */
    static Progress judge(int status, boolean closes) {
        if (status < 200 || status >= 400) {
            return Progress.REFUSED;
        }
        return closes ? Progress.LAST : Progress.COMPLETE;
    }
}
