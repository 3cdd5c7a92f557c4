package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;

/** Where a connection is in the script. */
final class Talk {

    /** More than this is not kept of what comes before it is expected. */
    static final int MOST_EARLY = 1 << 16;

    Dialogue.Part part = Dialogue.Part.OPENING;
    int turn;

    /** Which answer of the turn is waited for. */
    int expect;

    /** Whether all of this turn has been sent. */
    boolean saidAll;

    /** Of the turn in progress, for <code>${time}</code>. */
    long millis;

    final Answer answer = new Answer();
    final Kept early = new Kept();

    /** Keeps what is not expected yet; false where it is too much. */
    boolean keep(ByteBuffer bytes, int from, int to) {
        return from >= to || early.add(bytes, from, to, MOST_EARLY);
    }

    /** Whether more is to be read before it is expected. */
    boolean hasRoom() {
        return early.size() < MOST_EARLY;
    }

    /** As {@link #keep} of a whole read, which is taken if there was any room. */
    boolean keepInPause(ByteBuffer bytes, int length) {
        return early.add(bytes, 0, length, 2 * MOST_EARLY);
    }

    /** Forgets its connection, and gives back what it has kept beyond the usual. */
    void clear() {
        answer.clear();
        answer.kept.trim();
        answer.line.trim();
        early.clear();
        early.trim();
    }
}
