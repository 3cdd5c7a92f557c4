package io.tcplab.loadgen.plan;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that never change, the same where they are equal. Free for all threads. */
public final class Octets {

    private final byte[] bytes;

    /** Takes the array over: whoever made it does not write to it any more. */
    Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    public int length() {
        return bytes.length;
    }

    /** Puts {@code count} bytes from {@code offset} on into a buffer. */
    public void put(int offset, int count, ByteBuffer to) {
        to.put(bytes, offset, count);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
