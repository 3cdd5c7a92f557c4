package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;

/** Lines, names, words and numbers in the head of an HTTP message, read where they lie. Nothing is allocated. */
final class HeadText {

    private static final int MOST_DIGITS = 18;

    private HeadText() {}

    /**
     * The place after the line's LF; {@link HttpHead#INCOMPLETE} = it has not come, {@link HttpHead#MALFORMED} = a CR or NUL stands in
     * the line.
     */
    static int endOfLine(ByteBuffer bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte there = bytes.get(i);
            if (there == '\n') {
                return i + 1;
            } else if (there == '\r') {
                return i + 1 == to ? HttpHead.INCOMPLETE : bytes.get(i + 1) == '\n' ? i + 2 : HttpHead.MALFORMED;
            } else if (there == 0) {
                return HttpHead.MALFORMED;
            }
        }
        return HttpHead.INCOMPLETE;
    }

    /** The place of the colon behind a name; negative = there is none. */
    static int colon(ByteBuffer bytes, int line, int end) {
        for (int i = line; i < end; i++) {
            byte there = bytes.get(i);
            if (there == ':') {
                return i == line ? -1 : i;
            } else if (there <= ' ' && there >= 0 && there != ' ' && there != '\t') {
                return -1;
            }
        }
        return -1;
    }

    /** Whether this is there, which is in small letters, whatever the case there. */
    static boolean is(ByteBuffer bytes, int from, int to, byte[] name) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            int there = bytes.get(from + i);
            if (there != name[i] && ((there | 0x20) != name[i] || name[i] < 'a')) {
                return false;
            }
        }
        return true;
    }

    /** White space. */
    static boolean isBlank(byte there) {
        return there == ' ' || there == '\t' || there == '\r' || there == '\n';
    }

    private static boolean isBetween(byte there) {
        return isBlank(there) || there == ',';
    }

    /** The beginning of the next word of a list. */
    static int skip(ByteBuffer bytes, int from, int end) {
        int i = from;
        while (i < end && isBetween(bytes.get(i))) {
            i++;
        }
        return i;
    }

    /** The end of the word at {@code from}, without the white space behind it. */
    static int endOfWord(ByteBuffer bytes, int from, int end) {
        int i = from;
        while (i < end && bytes.get(i) != ',' && bytes.get(i) != '\r' && bytes.get(i) != '\n') {
            i++;
        }
        while (i > from && isBlank(bytes.get(i - 1))) {
            i--;
        }
        return i;
    }

    /** Digits alone; negative = it is no number. */
    static long number(ByteBuffer bytes, int from, int to) {
        if (from == to || to - from > MOST_DIGITS) {
            return HttpHead.ABSENT;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return HttpHead.ABSENT;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
