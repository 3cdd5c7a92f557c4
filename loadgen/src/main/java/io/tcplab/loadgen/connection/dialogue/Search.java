package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;

/**
 * Finds bytes in a stream, in a time linear in its length whatever they are (Knuth, Morris and Pratt, "Fast pattern matching in strings",
 * 1977). Keeps nothing of the stream but how many of the bytes have just come.
 */
final class Search {

    private byte[] wanted = {};
    private int[] borders = {};
    private int length;

    Search() {}

    Search(byte[] wanted) {
        seek(wanted, wanted.length);
    }

    /** From now on these are sought. */
    void seek(byte[] bytes, int count) {
        wanted = bytes;
        length = count;
        if (borders.length < count) {
            borders = new int[count];
        }
        int border = 0;
        for (int i = 1; i < count; i++) {
            while (border > 0 && bytes[i] != bytes[border]) {
                border = borders[border - 1];
            }
            border += bytes[i] == bytes[border] ? 1 : 0;
            borders[i] = border;
        }
    }

    int length() {
        return length;
    }

    /** With {@code found} of them there, how many are there after this byte; all = the end. */
    int next(int found, byte b) {
        int now = found;
        while (now > 0 && wanted[now] != b) {
            now = borders[now - 1];
        }
        return now + (wanted[now] == b ? 1 : 0);
    }

    /** Whether they begin at {@code at}, behind which there are as many. */
    boolean isAt(ByteBuffer bytes, int at) {
        for (int i = 0; i < length; i++) {
            if (bytes.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    boolean isIn(ByteBuffer bytes, int from, int to) {
        if (length == 0) {
            return true;
        }
        int found = 0;
        for (int i = from; i < to; i++) {
            found = next(found, bytes.get(i));
            if (found == length) {
                return true;
            }
        }
        return false;
    }
}
