package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;

/** Nothing is said: connect and close. */
final class SilentDialogue implements Dialogue {

    /** More is no greeting. */
    private static final int MOST_GREETING_BYTES = 1 << 16;

    @Override
    public void begin(Conversation conversation, boolean last) {}

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        return 0;
    }

    @Override
    public boolean answers(Conversation conversation) {
        return false;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        return Progress.CORRUPTED;
    }

    /** Many a server greets: FTP, SMTP, SSH, MySQL. */
    @Override
    public boolean tolerates(Conversation conversation, Buffer input, int length) {
        return conversation.receivedBytes() < MOST_GREETING_BYTES;
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return false;
    }
}
