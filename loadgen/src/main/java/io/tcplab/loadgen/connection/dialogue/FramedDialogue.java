package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frame;
import io.tcplab.companion.protocol.Pattern;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;

/**
 * The companion's protocol: a header that says how much to answer and how to close, then pattern bytes; the answer is verified in place.
 */
final class FramedDialogue implements Dialogue {

    @Override
    public void begin(Conversation conversation, boolean last) {
        Close close = conversation.close();
        conversation.state(last && close.by() == Side.SERVER ? close.how() : null);
    }

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        int length = Math.min(output.size(), conversation.requestBytes() - offset);
        int seed = conversation.patternSeed();
        int header = 0;
        if (offset == 0) {
            CloseStyle style = conversation.state() instanceof CloseStyle asked ? asked : null;
            Frame.encode(
                    output.address(),
                    style,
                    conversation.close().lingerSeconds(),
                    conversation.requestBytes(),
                    conversation.responseBytes(),
                    seed);
            header = Frame.HEADER_BYTES;
        }
        Pattern.copy(seed, offset + header, output.address() + header, length - header);
        return length;
    }

    @Override
    public boolean answers(Conversation conversation) {
        return conversation.responseBytes() > 0;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        return verify(conversation, conversation.responseBytes(), input, length);
    }

    /** Compares with the pattern that the connection's exchange has. */
    static Progress verify(Conversation conversation, int expectedBytes, Buffer input, int length) {
        int from = conversation.receivedBytes();
        if (length > expectedBytes - from
                || !Pattern.matches(input.address(), length, conversation.patternSeed(), from)) {
            return Progress.CORRUPTED;
        }
        return from + length == expectedBytes ? Progress.COMPLETE : Progress.MORE;
    }
}
