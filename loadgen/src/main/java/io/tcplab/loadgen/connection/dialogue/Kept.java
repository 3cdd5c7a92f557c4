package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are kept from one read to the next. It grows as it needs to, and is used again by the next connection. */
final class Kept {

    private static final int LEAST = 256;
    private static final int MOST_IDLE = 4_096;

    private byte[] array = {};
    private ByteBuffer view = ByteBuffer.wrap(array);
    private int size;

    /** Takes more; false = there would be more than {@code most}, and none are taken. */
    boolean add(ByteBuffer bytes, int from, int to, int most) {
        int length = to - from;
        if (length > most - size) {
            return false;
        }
        if (size + length > array.length) {
            array = Arrays.copyOf(array, Math.max(LEAST, Math.min(most, 2 * (size + length))));
            view = ByteBuffer.wrap(array);
        }
        bytes.get(from, array, size, length);
        size += length;
        return true;
    }

    /** The bytes from 0 to {@link #size}. */
    ByteBuffer bytes() {
        return view;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Forgets those before {@code from}. */
    void dropTo(int from) {
        System.arraycopy(array, from, array, 0, size - from);
        size -= from;
    }

    void clear() {
        size = 0;
    }

    /** Gives much memory back. */
    void trim() {
        if (array.length > MOST_IDLE) {
            array = new byte[0];
            view = ByteBuffer.wrap(array);
        }
    }
}
