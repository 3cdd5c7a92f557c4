package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.companion.protocol.Pattern;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;

/** The peer sends back what it receives: the response is the request's bytes. */
final class EchoDialogue implements Dialogue {

    @Override
    public void begin(Conversation conversation, boolean last) {}

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        int length = Math.min(output.size(), conversation.requestBytes() - offset);
        Pattern.copy(conversation.patternSeed(), offset, output.address(), length);
        return length;
    }

    /** A peer that cannot get rid of the beginning stops reading: both would wait for each other for ever. */
    @Override
    public boolean mayAnswerEarly(Conversation conversation) {
        return conversation.requestBytes() > ScriptDialogue.MOST_UNHEARD;
    }

    @Override
    public boolean answers(Conversation conversation) {
        return conversation.requestBytes() > 0;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        return FramedDialogue.verify(conversation, conversation.requestBytes(), input, length);
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return false;
    }
}
