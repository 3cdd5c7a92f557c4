package io.tcplab.loadgen.connection.dialogue;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is kept of one connection's response bodies, so that an expression can be looked for: their first 64 KiB, as UTF-8. The match
 * takes time linear in the body (RE2).
 */
final class HttpBodyLook {

    static final int MOST_BYTES = 1 << 16;

    private static final int FIRST_BYTES = 1024;

    private final Search search;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int count;

    HttpBodyLook(Search search) {
        this.search = search;
    }

    /** Looks for an expression; shared by the connections of an event loop. */
    static final class Search {
        private final Matcher matcher;
        private final CharBuffer text = CharBuffer.allocate(MOST_BYTES);
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);

        Search(String expression) {
            matcher = Pattern.compile(expression).matcher("");
        }

        private boolean finds(byte[] bytes, int count) {
            decoder.reset();
            text.clear();
            decoder.decode(ByteBuffer.wrap(bytes, 0, count), text, true);
            decoder.flush(text);
            return matcher.reset(text.flip()).find();
        }
    }

    void begin() {
        count = 0;
    }

    void take(ByteBuffer from, int at, int more) {
        int taken = Math.min(more, MOST_BYTES - count);
        if (count + taken > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MOST_BYTES, Math.max(2 * bytes.length, count + taken)));
        }
        from.get(at, bytes, count, taken);
        count += taken;
    }

    /** Whether the expression is somewhere in what was kept. */
    boolean matches() {
        return search.finds(bytes, count);
    }
}
