package io.tcplab.loadgen.learn;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;

/** A stream of numbers in the byte order of the machine that captured. */
final class CaptureInput {

    private static final long BYTE = 0xff;

    private final InputStream in;
    private boolean big = true;

    CaptureInput(InputStream in) {
        this.in = in;
    }

    void order(ByteOrder order) {
        big = order == ByteOrder.BIG_ENDIAN;
    }

    /** Whether there is nothing more. */
    boolean atEnd() throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next < 0;
    }

    int u16() throws IOException {
        int first = next();
        int second = next();
        return big ? first << 8 | second : second << 8 | first;
    }

    int u32() throws IOException {
        int first = u16();
        int second = u16();
        return big ? first << 16 | second : second << 16 | first;
    }

    /** Unsigned. */
    long length() throws IOException {
        return Integer.toUnsignedLong(u32());
    }

    private int next() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException();
        }
        return (int) (next & BYTE);
    }

    /** Eight bytes that were read, as a number. */
    long number(byte[] value) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = (number << 8) | (value[big ? i : Long.BYTES - 1 - i] & BYTE);
        }
        return number;
    }

    /** Fills the array's beginning. */
    void bytes(byte[] into, int length) throws IOException {
        if (in.readNBytes(into, 0, length) < length) {
            throw new EOFException();
        }
    }

    void skip(long length) throws IOException {
        in.skipNBytes(length);
    }
}
