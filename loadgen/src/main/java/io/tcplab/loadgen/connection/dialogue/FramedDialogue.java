package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.companion.protocol.CloseWish;
import io.tcplab.companion.protocol.Frame;
import io.tcplab.companion.protocol.Pattern;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;

/** The companion's protocol: a header that says how much to answer and how to close, then pattern bytes; the answer is verified in place. */
final class FramedDialogue implements Dialogue {

    @Override
    public void begin(Conversation conversation, boolean last) {
        conversation.state(last ? wish(conversation.close()) : CloseWish.KEEP_OPEN);
    }

    private static CloseWish wish(Close close) {
        if (close.by() == Close.By.CLIENT) {
            return CloseWish.KEEP_OPEN;
        }
        return switch (close.how()) {
            case FIN -> CloseWish.FIN;
            case RST -> CloseWish.RST;
            case HALF_CLOSE -> CloseWish.HALF_CLOSE;
            case LINGER -> CloseWish.LINGER;
            case ABANDON -> CloseWish.ABANDON;
        };
    }

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        int length = Math.min(output.size(), conversation.requestBytes() - offset);
        int seed = conversation.patternSeed();
        int header = 0;
        if (offset == 0) {
            CloseWish wish = conversation.state() instanceof CloseWish kept ? kept : CloseWish.KEEP_OPEN;
            Frame.encode(
                    output.address(),
                    wish,
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
