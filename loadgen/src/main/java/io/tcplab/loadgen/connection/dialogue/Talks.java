package io.tcplab.loadgen.connection.dialogue;

import java.util.ArrayDeque;

/** The talks of a loop's connections: one whose connection has ended serves another. */
final class Talks {

    private final ArrayDeque<Talk> idle = new ArrayDeque<>();

    /** That of the connection; it begins with the first call. */
    Talk of(Conversation conversation) {
        if (conversation.state() instanceof Talk talk) {
            return talk;
        }
        Talk talk = idle.isEmpty() ? new Talk() : idle.pop();
        conversation.state(talk);
        return talk;
    }

    /** The connection has ended. */
    void end(Conversation conversation) {
        if (conversation.state() instanceof Talk talk) {
            conversation.state(null);
            talk.clear();
            idle.push(talk);
        }
    }
}
