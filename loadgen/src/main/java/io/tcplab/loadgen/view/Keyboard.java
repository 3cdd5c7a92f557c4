package io.tcplab.loadgen.view;

import java.io.IOException;

/**
 * The keys in what a terminal sends. An escape sequence is not a key here: an arrow key sends one, and so does a terminal that is asked
 * what it can do, with letters in it that would be keys.
 */
final class Keyboard {

    /** No key was pressed. */
    static final int NONE = -2;

    private static final int ESCAPE = 27;
    private static final int BELL = 7;
    /** The bytes of a sequence come together. */
    private static final long TOGETHER_MILLIS = 50;

    private final Source source;

    Keyboard(Source source) {
        this.source = source;
    }

    /** What a terminal sends, character by character. */
    interface Source {

        /** Waits for a character; negative where none came. */
        int read(long millis) throws IOException;
    }

    /** Waits for a key; {@link #NONE} where none came, or an escape sequence. */
    int key(long millis) throws IOException {
        int first = source.read(millis);
        if (first == ESCAPE) {
            passOver();
            return NONE;
        }
        return first;
    }

    /** Reads a control sequence to its end (ECMA-48 §5.4, §5.6). */
    private void passOver() throws IOException {
        switch (source.read(TOGETHER_MILLIS)) {
            case '[' -> {
                int next = source.read(TOGETHER_MILLIS);
                while (next >= 0 && !(next >= '@' && next <= '~')) {
                    next = source.read(TOGETHER_MILLIS);
                }
            }
            case 'P', ']', '^', '_' -> {
                int next = source.read(TOGETHER_MILLIS);
                while (next >= 0 && next != BELL && next != ESCAPE) {
                    next = source.read(TOGETHER_MILLIS);
                }
                int _ = next == ESCAPE ? source.read(TOGETHER_MILLIS) : next;
            }
            case 'O' -> {
                int _ = source.read(TOGETHER_MILLIS);
            }
            default -> {
                // Escape alone, or with a key.
            }
        }
    }
}
