package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A head that comes in pieces: they are kept until the empty line that ends it. */
final class HeadPieces {

    /** A longer head is no answer. */
    static final int MOST_BYTES = 1 << 16;

    private static final int FIRST_BYTES = 512;
    private static final byte[] NOTHING = {};

    private byte[] kept = NOTHING;
    private int length;
    private boolean whole;

    /** Whether nothing has come of the line in progress, but perhaps a CR. */
    private boolean lineIsEmpty;

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    /** Whether the empty line has come. */
    boolean areWhole() {
        return whole;
    }

    /** Whether the status can be seen. */
    boolean showStatus() {
        return length > StatusLine.BYTES;
    }

    /** What was kept, in its first {@link #length} bytes. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(kept);
    }

    /** Keeps bytes up to the empty line, whatever they are; returns the place behind the last. */
    int add(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && !whole) {
            byte there = bytes.get(at++);
            if (there == '\n') {
                whole = lineIsEmpty;
                lineIsEmpty = true;
            } else if (there != '\r') {
                lineIsEmpty = false;
            }
        }
        int more = at - from;
        if (length + more > MOST_BYTES) {
            return HttpHead.MALFORMED;
        }
        if (kept.length < length + more) {
            kept = Arrays.copyOf(kept, Math.max(Math.max(kept.length * 2, FIRST_BYTES), length + more));
        }
        bytes.get(from, kept, length, more);
        length += more;
        return at;
    }

    void forget() {
        kept = NOTHING;
        length = 0;
        whole = false;
        lineIsEmpty = false;
    }
}
