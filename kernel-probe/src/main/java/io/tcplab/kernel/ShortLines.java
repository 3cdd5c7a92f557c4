package io.tcplab.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text in UTF-8, of each the first 2,000 characters: a program that prints gigabytes without an end of line takes no memory
 * by that. For one thread; closing the stream is its opener's.
 */
public final class ShortLines {

    static final int LONGEST = 2_000;

    private final Reader text;
    private final char[] read = new char[8_192];
    private final StringBuilder line = new StringBuilder();
    private int next;
    private int end;
    private boolean afterReturn;

    public ShortLines(InputStream text) {
        this.text = new InputStreamReader(text, StandardCharsets.UTF_8);
    }

    /** The next one, without its end (LF, CR, or both); null where there is none. Blocks until it is known whole. */
    public @Nullable String next() throws IOException {
        line.setLength(0);
        boolean any = false;
        while (next < end || fill()) {
            char each = read[next++];
            boolean secondOfTwo = each == '\n' && afterReturn;
            afterReturn = each == '\r';
            if (secondOfTwo) {
                continue;
            }
            if (each == '\n' || each == '\r') {
                return line.toString();
            }
            any = true;
            if (line.length() < LONGEST) {
                line.append(each);
            }
        }
        return any ? line.toString() : null;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, text.read(read, 0, read.length));
        return end > 0;
    }
}
