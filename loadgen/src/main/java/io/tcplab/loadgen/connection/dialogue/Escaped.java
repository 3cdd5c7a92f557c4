package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.connection.wire.Buffer;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Bytes in words: printable ASCII as it is, all else escaped, and not too many. */
public final class Escaped {

    private static final int MOST_BYTES = 60;

    private final StringBuilder text = new StringBuilder("\"");
    private int bytes;

    /** What was received into a buffer. */
    public static String of(Buffer received, int length) {
        return new Escaped().add(received.bytes(), 0, length).toString();
    }

    static String of(byte[] bytes, int length) {
        return new Escaped().add(ByteBuffer.wrap(bytes), 0, length).toString();
    }

    Escaped add(ByteBuffer more, int from, int to) {
        for (int i = from; i < to && bytes <= MOST_BYTES; i++) {
            if (bytes++ == MOST_BYTES) {
                text.append('…');
            } else {
                add(more.get(i));
            }
        }
        return this;
    }

    private void add(byte b) {
        switch (b) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '\\', '"' -> text.append('\\').append((char) b);
            default -> {
                if (b >= ' ' && b < 0x7F) {
                    text.append((char) b);
                } else {
                    text.append(String.format(Locale.ROOT, "\\x%02x", b));
                }
            }
        }
    }

    @Override
    public String toString() {
        return bytes == 0 ? "nothing" : text + "\"";
    }
}
